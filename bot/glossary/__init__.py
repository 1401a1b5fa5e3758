"""What terms mean and how the right one is found. Pure: no I/O beyond reading the book once, no clock."""
