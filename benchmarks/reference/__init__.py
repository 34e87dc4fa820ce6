"""The reference problem of the benchmarks: as data and plain arithmetic, and as a study of lca."""
