"""Random studies against an independent model in plain NumPy, written from docs/method.md and docs/convention.md.

`generate` writes a study as plain data, `build` makes `lca` objects of it, `oracle` computes what the documents say;
the two share the draws of the leaves and nothing else. `check` compares them, `laws` holds what must be true of any
study, `shrink` makes a failing study small. `python tests/fuzz/run.py --minutes 20 --seed 1` runs all of it.
"""
