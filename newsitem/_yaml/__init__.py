"""YAML text to nodes and scalars, and back. Knows nothing of news items."""
