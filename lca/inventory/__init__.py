"""What happens: energy, devices and time of every activity, before any impact."""
