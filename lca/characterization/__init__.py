"""Impact categories, and the factors that turn a gas into CO2e."""
