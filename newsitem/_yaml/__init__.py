"""Convert YAML text to nodes and scalars, and back. This folder knows nothing about news items."""
