"""Two meters compared: on one clock, pair by pair, with the statistics of agreement."""
