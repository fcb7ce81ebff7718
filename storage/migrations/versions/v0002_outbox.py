"""Create the outbox: runs of digests, the posts they owe, and what keeps posts apart; a rebuild is due after it.

What objects say of each other grew (the folders that a change touches), and only a rebuild finds that in what was
learnt before. Until then answers go on from the states as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WAITING = sa.text("state IN ('owed', 'sending')")


def upgrade() -> None:
    """Add the four tables of the outbox."""
    op.create_table(
        "run", _key("subscription"), sa.Column("moment", sa.BigInteger(), primary_key=True), *_texts("state", "who"),
        *_stamps("lease", "at"), *_texts("why"),
    )  # fmt: skip
    op.create_table(
        "post", _key("key"), *_texts("cause"), *_stamps("moment", nullable=True),
        _number("place"), *_texts("after", nullable=True), *_texts("channel"), _bytes("payload"),
        _bytes("pictures", nullable=True), *_texts("state"), _number("plain"), *_stamps("due", "until"), *_texts("who"),
        *_stamps("lease"), _number("tries"), *_stamps("began", "tried_at"),
        *_texts("sent_channel", "ts", nullable=True), *_stamps("posted_at", nullable=True), *_stamps("at"),
        *_texts("why"),
    )  # fmt: skip
    op.create_index("post_waiting", "post", ["due", "place"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index("post_channel", "post", ["channel", "tried_at"])
    op.create_index("post_sent", "post", ["sent_channel", "ts"])
    op.create_index("post_posted", "post", ["posted_at"])
    op.create_index("post_cause", "post", ["cause", "moment"])
    op.create_table("hold", _key("channel"), *_stamps("until"))
    op.create_table(
        "pace", sa.Column("second", sa.BigInteger(), primary_key=True, autoincrement=False), _number("tries")
    )
    op.execute("DELETE FROM meta WHERE key = 'rules'")


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, primary_key=True)


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, TEXT, nullable=nullable) for name in names]


def _stamps(*names: str, nullable: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=nullable) for name in names]


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _bytes(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)
