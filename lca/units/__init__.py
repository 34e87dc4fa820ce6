"""Units: the registry, reading what people write, writing what is read."""
