"""Logs of inference: what benchmarks of engines and of servers counted and timed, and the energy of it (M9)."""
