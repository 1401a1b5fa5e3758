"""People's watchlists."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table: one row a person, canonical symbols with spaces between."""
    op.create_table(
        "watchlists",
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("symbols", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("watchlists")
