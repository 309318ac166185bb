"""Files and folders. Independent of queries."""
