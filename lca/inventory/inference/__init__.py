"""What one inference takes: its energy, what it is counted per, and its rate."""
