"""Providers of prices: one file each."""
