"""Statistics of a run in constant memory: sums, quantiles and ranks of rows of draws, as parts that merge."""
