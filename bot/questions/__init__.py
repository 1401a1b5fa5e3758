"""A question in plain words, turned into one command with its options, or declined. Pure: no model, network or clock."""
