"""Learning without backpropagation: each file is a command of its own, ``python -m benchmarks.rules.NAME``."""
