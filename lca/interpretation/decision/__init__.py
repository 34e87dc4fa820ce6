"""Choices between alternatives, and the value of information."""
