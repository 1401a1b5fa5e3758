EVERYDAY: frozenset[str] = frozenset()
