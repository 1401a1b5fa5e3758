"""Where prices come from: one small file per provider, and the feed that asks them in order."""
