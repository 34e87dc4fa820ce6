"""Few points for a stated error: scrambled Sobol' points, with one parameter of each output integrated out."""
