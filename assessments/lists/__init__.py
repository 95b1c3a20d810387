"""The lists of runs and accounts, and what in them waits for somebody."""
