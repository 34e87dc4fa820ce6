"""Totals of runs, as tools write them when a run ends, and stores of many runs."""
