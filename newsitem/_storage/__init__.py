"""Read and write files and folders. This folder knows nothing about queries."""
