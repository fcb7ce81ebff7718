"""Create the first tables: what is kept (delivery, event), what is folded from it, and what is cached."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT, OPEN, KNOWN_SHA = sa.text("body IS NOT NULL"), sa.text("open = 1"), sa.text("sha IS NOT NULL")


def upgrade() -> None:
    """From nothing to the first tables."""
    _kept()
    _folded()
    op.create_table("meta", _key("key"), _text("value"))
    op.create_table("dirty", _key("object"))
    op.create_table("seen", _key("viewer"), _key("key"), _stamp("at"), _bytes("outline"))
    op.create_table("person", _key("key"), _stamp("at"), _bytes("person"))


def _kept() -> None:
    op.create_table(
        "delivery", _id(), _text("source"), _text("delivery_id"), _text("verdict"), _maybe("reason"), _maybe("scope"),
        _stamp("received_at", nullable=True), _stamp("at"), _bytes("headers"), _bytes("body", nullable=True),
    )  # fmt: skip
    op.create_index("delivery_identity", "delivery", ["source", "delivery_id"], unique=True)
    op.create_index("delivery_verdict", "delivery", ["source", "verdict", "received_at"])
    op.create_index("delivery_kept", "delivery", ["at"], sqlite_where=KEPT, postgresql_where=KEPT)
    op.create_table(
        "event", _id(), _text("identity"), _text("object"), _text("kind"), _stamp("at"), _stamp("known_at"),
        _stamp("given_at", nullable=True), _text("source"), _maybe("actor"), _maybe("repository"), _maybe("scope"),
        sa.Column("counted", sa.Integer(), nullable=False), _bytes("digest"), _bytes("data"),
    )  # fmt: skip
    op.create_index("event_identity", "event", ["identity"], unique=True)
    op.create_index("event_object", "event", ["object", "at"])
    op.create_index("event_scope", "event", ["scope", "at", "actor"])
    op.create_index("event_source", "event", ["source", "at"])
    op.create_index("event_known", "event", ["known_at"])


def _folded() -> None:
    op.create_table(
        "state", _key("object"), _text("kind"), _maybe("scope"), _stamp("number", nullable=True), _flag("open"),
        _flag("claimed"), *(_stamp(name, nullable=True) for name in ("began_at", "done_at", "landed_at")),
        *(_maybe(name) for name in ("branch", "sha", "environment")), _bytes("record"),
    )  # fmt: skip
    op.create_index("state_open", "state", ["scope", "kind"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("state_began", "state", ["kind", "scope", "began_at", "claimed"])
    op.create_index("state_landed", "state", ["kind", "scope", "landed_at", "branch"])
    op.create_index("state_sha", "state", ["sha"], sqlite_where=KNOWN_SHA, postgresql_where=KNOWN_SHA)
    op.create_index("state_number", "state", ["number"])
    op.create_table(
        "turn", _key("object"), sa.Column("place", sa.Integer(), primary_key=True), _text("kind"), _maybe("scope"),
        _stamp("began_at"), _stamp("ended_at", nullable=True), _stamp("cleared_at", nullable=True),
    )  # fmt: skip
    op.create_index("turn_scope", "turn", ["kind", "scope", "began_at", "ended_at", "cleared_at"])
    op.create_index("turn_kind", "turn", ["kind", "began_at", "ended_at", "cleared_at"])
    op.create_table("hint", _key("object"), _key("name"), _text("key"), _text("field"), _text("title"), _maybe("scope"))
    op.create_index("hint_name", "hint", ["name", "title"])
    op.create_index("hint_key", "hint", ["key", "scope"])
    op.create_table("link", _key("object"), _key("relation"), _key("target"), _stamp("until"))
    op.create_index("link_target", "link", ["relation", "target", "until"])


def _id() -> sa.Column[int]:
    return sa.Column("id", ID, primary_key=True)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False)


def _maybe(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=True)


def _stamp(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _bytes(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _flag(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)
