"""The rules of the skill linter, one file a family, and the table of them all."""
