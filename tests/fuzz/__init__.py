"""Texts made by mutation, and the laws that every one must keep: ``python -m fuzz --seconds 120``."""
