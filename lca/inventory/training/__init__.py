"""Trainings, what counts beside them, the rest of one that still runs, and the ledger of all runs."""
