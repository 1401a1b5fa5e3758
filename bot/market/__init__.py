"""What prices have done: pure functions on arrays. No I/O, no clock, no Discord."""
