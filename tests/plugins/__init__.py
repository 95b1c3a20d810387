"""Fixtures, by what they stand for: the database, the browser, the surroundings."""
