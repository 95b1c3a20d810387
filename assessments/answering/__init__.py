"""Giving answers: whose set they belong to, how far one is, files, carrying over, moving to a newer version."""
