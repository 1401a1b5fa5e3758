"""Tables that other people wrote."""
