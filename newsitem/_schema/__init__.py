"""Describe the fields of the model and the kinds of values. This folder knows nothing about files."""
