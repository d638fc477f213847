"""Published figures, printed beside their peers: `python -m benchmarks`, or `make bench`."""
