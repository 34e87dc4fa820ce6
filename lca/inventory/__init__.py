"""What happens: measured, extrapolated and planned energy, devices and time, before any impact."""
