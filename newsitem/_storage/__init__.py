"""Files and folders. Knows nothing of queries."""
