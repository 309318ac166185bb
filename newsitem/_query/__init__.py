"""Select, sort, count and connect items. Independent of source text."""
