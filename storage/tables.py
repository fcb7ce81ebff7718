"""Which tables hold what we remember? Private to storage; nothing outside ever sees a row.

Deliveries and events are kept, and so is what runs of digests posted or owe; state, turn, hint and link are folded from
events and can be rebuilt (a migration that changes one of those four drops and creates all of them and deletes meta's
"rules", so that a rebuild is due).
Instants are microseconds since the epoch, flags are 0 and 1, JSON is bytes. ``scope`` is a repository's name,
casefolded; None where an object belongs to none.
"""

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

_ID = BigInteger().with_variant(Integer(), "sqlite")
_TEXT = Text().with_variant(Text(collation="C"), "postgresql")  # sorted by bytes, on both databases


class MetaRow(SQLModel, table=True):
    """One thing the ledger knows of itself: the rules its states rest on, the key of pseudonyms, what is under way."""

    __tablename__ = "meta"

    key: str = Field(primary_key=True, sa_type=_TEXT)
    value: str = Field(sa_type=_TEXT)


class DeliveryRow(SQLModel, table=True):
    """One message of a source, its body compressed; the body is None once it was pruned or forgotten.

    ``at`` is the receipt, without one the newest time its events give, else 0: what retention goes by.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("delivery_identity", "source", "delivery_id", unique=True),
        Index("delivery_verdict", "source", "verdict", "received_at"),
        Index("delivery_kept", "at", sqlite_where=text("body IS NOT NULL"), postgresql_where=text("body IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=_ID)
    source: str = Field(sa_type=_TEXT)
    delivery_id: str = Field(sa_type=_TEXT)
    verdict: str = Field(sa_type=_TEXT)
    reason: str | None = Field(sa_type=_TEXT)
    scope: str | None = Field(sa_type=_TEXT)
    received_at: int | None = Field(sa_type=BigInteger)
    at: int = Field(sa_type=BigInteger)
    headers: bytes = Field(sa_type=LargeBinary)
    body: bytes | None = Field(sa_type=LargeBinary)


class EventRow(SQLModel, table=True):
    """One event; of its copies the one that is least by (known_at, digest), whatever order they came in.

    ``at`` is ``given_at`` clamped to ``known_at``; ``counted`` is 0 for repositories that the configuration leaves out.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("event_identity", "identity", unique=True),
        Index("event_object", "object", "at"),
        Index("event_scope", "scope", "at", "actor"),
        Index("event_source", "source", "at"),
        Index("event_known", "known_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=_ID)
    identity: str = Field(sa_type=_TEXT)
    object: str = Field(sa_type=_TEXT)
    kind: str = Field(sa_type=_TEXT)
    at: int = Field(sa_type=BigInteger)
    known_at: int = Field(sa_type=BigInteger)
    given_at: int | None = Field(sa_type=BigInteger)
    source: str = Field(sa_type=_TEXT)
    actor: str | None = Field(sa_type=_TEXT)
    repository: str | None = Field(sa_type=_TEXT)
    scope: str | None = Field(sa_type=_TEXT)
    counted: int
    digest: bytes = Field(sa_type=LargeBinary)
    data: bytes = Field(sa_type=LargeBinary)


class StateRow(SQLModel, table=True):
    """One object's record, and the columns by which it is found (see indexing.py for what they are of each kind)."""

    __tablename__ = "state"
    __table_args__ = (
        Index("state_open", "scope", "kind", sqlite_where=text("open = 1"), postgresql_where=text("open = 1")),
        Index("state_began", "kind", "scope", "began_at", "claimed"),
        Index("state_landed", "kind", "scope", "landed_at", "branch"),
        Index("state_sha", "sha", sqlite_where=text("sha IS NOT NULL"), postgresql_where=text("sha IS NOT NULL")),
        Index("state_number", "number"),
        Index(  # by kind alone nothing finds the few that are open among all that ever were
            "state_handoff",
            "open",
            "done_at",
            sqlite_where=text("kind = 'handoff'"),
            postgresql_where=text("kind = 'handoff'"),
        ),
    )

    object: str = Field(primary_key=True, sa_type=_TEXT)
    kind: str = Field(sa_type=_TEXT)
    scope: str | None = Field(sa_type=_TEXT)
    number: int | None = Field(sa_type=BigInteger)
    open: int
    claimed: int
    began_at: int | None = Field(sa_type=BigInteger)
    done_at: int | None = Field(sa_type=BigInteger)
    landed_at: int | None = Field(sa_type=BigInteger)
    branch: str | None = Field(sa_type=_TEXT)
    sha: str | None = Field(sa_type=_TEXT)
    environment: str | None = Field(sa_type=_TEXT)
    record: bytes = Field(sa_type=LargeBinary)


class TurnRow(SQLModel, table=True):
    """One turn of an object, for the samples of past waiting; ``cleared_at`` is when the object was done."""

    __tablename__ = "turn"
    __table_args__ = (
        Index("turn_scope", "kind", "scope", "began_at", "ended_at", "cleared_at"),
        Index("turn_kind", "kind", "began_at", "ended_at", "cleared_at"),
    )

    object: str = Field(primary_key=True, sa_type=_TEXT)
    place: int = Field(primary_key=True)
    kind: str = Field(sa_type=_TEXT)
    scope: str | None = Field(sa_type=_TEXT)
    began_at: int = Field(sa_type=BigInteger)
    ended_at: int | None = Field(sa_type=BigInteger)
    cleared_at: int | None = Field(sa_type=BigInteger)


class HintRow(SQLModel, table=True):
    """One word by which an object says which release it is, or is for. ``name`` is key, field and scope in one."""

    __tablename__ = "hint"
    __table_args__ = (Index("hint_name", "name", "title"), Index("hint_key", "key", "scope"))

    object: str = Field(primary_key=True, sa_type=_TEXT)
    name: str = Field(primary_key=True, sa_type=_TEXT)
    key: str = Field(sa_type=_TEXT)
    field: str = Field(sa_type=_TEXT)
    title: str = Field(sa_type=_TEXT)
    scope: str | None = Field(sa_type=_TEXT)


class LinkRow(SQLModel, table=True):
    """What an object itself says of another (follows, depends_on, closes, reverts, label, party, bot), and of people.

    ``mover`` is whose turn it is, ``worked`` who wrote or reviewed it, ``took`` who took its review upon themselves,
    ``about`` what a handoff or a round is about; ``touches`` is a folder of it, as ``<repository>:<folder>``.
    ``until`` is when it ceased to matter (the object was done), FOREVER while it has not.
    """

    __tablename__ = "link"
    __table_args__ = (Index("link_target", "relation", "target", "until"),)

    object: str = Field(primary_key=True, sa_type=_TEXT)
    relation: str = Field(primary_key=True, sa_type=_TEXT)
    target: str = Field(primary_key=True, sa_type=_TEXT)
    until: int = Field(sa_type=BigInteger)


class DirtyRow(SQLModel, table=True):
    """An object that was touched while a rebuild is under way, and must be folded again before the swap."""

    __tablename__ = "dirty"

    object: str = Field(primary_key=True, sa_type=_TEXT)


class SeenRow(SQLModel, table=True):
    """The outline of an answer as one viewer last saw it."""

    __tablename__ = "seen"

    viewer: str = Field(primary_key=True, sa_type=_TEXT)
    key: str = Field(primary_key=True, sa_type=_TEXT)
    at: int = Field(sa_type=BigInteger)
    outline: bytes = Field(sa_type=LargeBinary)


class PersonRow(SQLModel, table=True):
    """What was looked up of a person elsewhere: a cache."""

    __tablename__ = "person"

    key: str = Field(primary_key=True, sa_type=_TEXT)
    at: int = Field(sa_type=BigInteger)
    person: bytes = Field(sa_type=LargeBinary)


class RunRow(SQLModel, table=True):
    """One run of a subscription, for one scheduled moment: the database refuses a second one.

    ``state`` is claimed until the run is over, then posted, silent, skipped or failed.
    """

    __tablename__ = "run"

    subscription: str = Field(primary_key=True, sa_type=_TEXT)
    moment: int = Field(primary_key=True, sa_type=BigInteger)
    state: str = Field(sa_type=_TEXT)
    who: str = Field(sa_type=_TEXT)
    lease: int = Field(sa_type=BigInteger)
    at: int = Field(sa_type=BigInteger)
    why: str = Field(sa_type=_TEXT)


class PostRow(SQLModel, table=True):
    """One message owed to Slack, then posted, skipped or failed; ``who`` holds it until ``lease`` while it is sending.

    ``moment`` is that of its run, None where no run caused it; ``place`` its turn among the posts of its cause, and
    ``after`` the key of the post whose thread it goes in. ``began`` is since when it may have reached Slack unanswered,
    ``tried_at`` when Slack last heard of it, ``at`` when anything last changed. The payload is empty once a person or
    repository that it spoke of was forgotten.
    """

    __tablename__ = "post"
    __table_args__ = (
        Index(
            "post_waiting", "due", "place", sqlite_where=text("state IN ('owed', 'sending')"),
            postgresql_where=text("state IN ('owed', 'sending')"),
        ),
        Index("post_channel", "channel", "tried_at"),
        Index("post_sent", "sent_channel", "ts"),
        Index("post_posted", "posted_at"),
        Index("post_cause", "cause", "moment"),
    )  # fmt: skip

    key: str = Field(primary_key=True, sa_type=_TEXT)
    cause: str = Field(sa_type=_TEXT)
    moment: int | None = Field(sa_type=BigInteger)
    place: int
    after: str | None = Field(sa_type=_TEXT)
    channel: str = Field(sa_type=_TEXT)
    payload: bytes = Field(sa_type=LargeBinary)
    pictures: bytes | None = Field(sa_type=LargeBinary)
    state: str = Field(sa_type=_TEXT)
    plain: int
    due: int = Field(sa_type=BigInteger)
    until: int = Field(sa_type=BigInteger)
    who: str = Field(sa_type=_TEXT)
    lease: int = Field(sa_type=BigInteger)
    tries: int
    began: int = Field(sa_type=BigInteger)
    tried_at: int = Field(sa_type=BigInteger)
    sent_channel: str | None = Field(sa_type=_TEXT)
    ts: str | None = Field(sa_type=_TEXT)
    posted_at: int | None = Field(sa_type=BigInteger)
    at: int = Field(sa_type=BigInteger)
    why: str = Field(sa_type=_TEXT)


class HoldRow(SQLModel, table=True):
    """A channel to which Slack wants nothing posted for a while."""

    __tablename__ = "hold"

    channel: str = Field(primary_key=True, sa_type=_TEXT)
    until: int = Field(sa_type=BigInteger)


class PaceRow(SQLModel, table=True):
    """How many posts were tried in one second, by all processes: the last minute's are kept."""

    __tablename__ = "pace"

    second: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    tries: int
