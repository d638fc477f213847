"""What the tables share: tasks and their hidden truths, peers, metrics, timing, printing, writing into the docs."""
