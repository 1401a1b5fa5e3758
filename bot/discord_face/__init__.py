"""The Discord face: the only package that imports discord."""
