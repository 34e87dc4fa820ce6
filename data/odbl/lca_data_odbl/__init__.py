"""Tables for lca under the Open Database License 1.0; lca reads them from this folder, and nothing is run."""
