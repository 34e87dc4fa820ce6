"""Figures: the stages of a result and what drives its spread."""
