"""How fast newsitem is, beside the tools that one would use in its place: ``python -m benchmarks``."""
