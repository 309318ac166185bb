"""Select, sort, count and connect items. This folder knows nothing about source text."""
