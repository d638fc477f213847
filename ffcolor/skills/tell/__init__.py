"""What is found, as people and programs read it: reports, pages of the checks, a graph and its picture."""
