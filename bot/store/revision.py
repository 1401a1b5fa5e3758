"""The newest migration's name, where code can read it without loading SQLAlchemy."""

REVISION = "0002"
