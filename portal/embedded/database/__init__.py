"""Django's PostgreSQL backend that starts the embedded cluster when the first connection is made."""
