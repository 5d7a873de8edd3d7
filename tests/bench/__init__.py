"""Benchmarks: usulan and its peers side by side. ``make bench``, ``make bench-growth``."""
