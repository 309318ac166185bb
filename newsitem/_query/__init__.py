"""Selecting, ordering, counting and connecting items. Knows nothing of text."""
