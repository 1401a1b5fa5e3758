"""What an alert waits for, and the sessions at which it comes: pure."""
