"""The commands: one file each, and the registry that holds them all."""
