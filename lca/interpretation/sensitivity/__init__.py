"""What drives the spread of a result: one file for each way to ask."""
