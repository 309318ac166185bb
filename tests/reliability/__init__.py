"""Test the guarantees under faults, attacks and concurrency, and with the programs that read the files next."""
