"""Compare the speed of newsitem with the tools that people would use instead: ``python -m benchmarks``."""
