"""Check the laws of the library on mutated texts: ``python -m fuzz --seconds 120``."""
