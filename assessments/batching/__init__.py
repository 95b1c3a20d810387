"""One definition to many people or accounts at once, and runs that come back."""
