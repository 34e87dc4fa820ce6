"""What a whole development ran: the runs of many logs, each counted once, on a calendar."""
