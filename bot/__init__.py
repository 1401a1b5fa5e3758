"""Rangefinder: explains market terms and computes market states, in Discord and at the console."""

__version__ = "0.1.0"
