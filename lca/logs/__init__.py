"""Logs of power and of training, read from files and tables."""
