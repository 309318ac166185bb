"""Convert text to items, and back. This folder knows nothing about paths."""
