"""The checks, one file for each family, and `run`, which applies them to a collection."""
