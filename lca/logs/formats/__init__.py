"""The formats of logs: one module for each family, which lists its formats as `FORMATS`."""
