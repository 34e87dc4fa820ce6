"""Results in files: one verified file for each, its study given back, runs compared with it, and a history of many."""
