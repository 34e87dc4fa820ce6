"""Reports: one page and its Markdown twin, from what the interpretation says."""
