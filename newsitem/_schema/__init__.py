"""Fields of the model and kinds of values. Knows nothing of files."""
