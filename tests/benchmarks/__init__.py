"""Measurements that are no part of the ordinary run: `python tests/benchmarks` prints their tables."""
