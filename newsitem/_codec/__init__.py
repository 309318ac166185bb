"""Text to items, and back. Knows nothing of paths."""
