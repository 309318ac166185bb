"""Convert YAML text to nodes and scalars, and back. Nothing here depends on news items."""
