"""Whether the promises hold under faults, attacks and concurrency, and for the programs that read the files next."""
