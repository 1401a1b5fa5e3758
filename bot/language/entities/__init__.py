"""What people write, read: one module for each kind of thing."""
