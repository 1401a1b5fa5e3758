"""An answer as data, and its renderings: text and JSON here; Discord's own in its face."""
