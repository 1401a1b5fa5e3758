"""The console: a face for a terminal, for scripts and for operators."""
