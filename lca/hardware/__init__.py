"""Hardware: what making, moving and discarding a device emits, looked up or from its parts."""
