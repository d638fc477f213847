"""What a collection could be: the cheapest agreement, partners for a triad, the most disjoint triads."""
