"""What must outlive the process: server settings, last good series, notes. SQLite, or PostgreSQL by address."""
