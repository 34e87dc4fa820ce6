"""Engines under a meter: how they are run, what is recorded, and what it comes to."""
