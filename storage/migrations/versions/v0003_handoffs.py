"""Say that a rebuild is due: since handoffs, states know more than they did.

A change knows when its head moved, a ticket its kind, status and versions, and links say what a handoff is about. What
was learnt before holds all of it; until a rebuild, answers go on from the states as they are.
"""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Forget by which rules the states were folded."""
    op.execute("DELETE FROM meta WHERE key = 'rules'")
