"""A question in plain words, turned into one command with its options, or declined. No model, network or clock."""
