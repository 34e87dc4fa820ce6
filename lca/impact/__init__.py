"""From inventory to impacts: the factors meet the flows, hardware is allocated, dims get their roles."""
