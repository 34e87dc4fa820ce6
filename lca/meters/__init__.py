"""Meters: where they sit, how they err, what they read."""
