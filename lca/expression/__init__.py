"""Values, distributions and the graph of formulas. No word of life-cycle assessment stands here."""
