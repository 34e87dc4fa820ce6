"""Distributions: each a family with its domain, its nominal value and its inverse CDF."""
