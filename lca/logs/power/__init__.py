"""Power over time: the samples that a format read, their checks, and the energy they give."""
