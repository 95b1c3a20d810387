"""What replaces services on one machine: PostgreSQL from a wheel, mail in files, and the process that runs the demo."""
