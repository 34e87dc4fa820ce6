"""Electricity of a place and a year: looked up, mixed, projected, with its tags and its spread."""
