"""What rules are built from: layers and their losses, norms, codes of labels, negatives, heads, and their state."""
