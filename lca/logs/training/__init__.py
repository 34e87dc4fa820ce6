"""The steps of a training, and how long the whole takes."""
