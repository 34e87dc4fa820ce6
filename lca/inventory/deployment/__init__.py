"""What is used for years: a fleet, its load, and the network that its traffic takes."""
