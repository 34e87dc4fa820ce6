"""The commands of `lca`: one file for each, with its arguments and what it prints. `lca/__main__.py` chooses."""
