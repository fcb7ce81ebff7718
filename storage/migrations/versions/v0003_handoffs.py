"""Let handoffs be found, and say that a rebuild is due: since there are handoffs, states know more than they did.

A change knows when its head moved, a ticket its kind, status and versions, and links say what a handoff is about. What
was learnt before holds all of it; until a rebuild, answers go on from the states as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

HANDOFF = sa.text("kind = 'handoff'")


def upgrade() -> None:
    """Index the handoffs, and forget by which rules the states were folded."""
    op.create_index("state_handoff", "state", ["open", "done_at"], sqlite_where=HANDOFF, postgresql_where=HANDOFF)
    op.execute("DELETE FROM meta WHERE key = 'rules'")
