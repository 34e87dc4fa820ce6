"""Measuring while a program runs: `lca.measure`."""
