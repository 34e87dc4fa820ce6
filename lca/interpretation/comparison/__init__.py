"""Alternatives compared draw by draw: differences, rankings, effects, and the score beside the impact."""
