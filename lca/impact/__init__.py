"""What turns an inventory into impacts: electricity, characterization, embodied hardware, as records."""
