"""Break-even: where two studies have the same total, in one parameter or two, and what follows from that."""
