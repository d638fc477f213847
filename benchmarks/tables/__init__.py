"""One file a published table: its `main(quick)` prints it, and returns the figures and the goals."""
