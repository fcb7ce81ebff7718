"""Who is asking: which person of the configuration is a Slack user, and are they a member of this workspace?

Slack is asked once an hour for each user. Where it does not answer, what it said before holds; a user of whom nothing
was ever learnt is known only if the configuration names them: membership is never guessed. Before anything is said
unasked nothing old holds: where Slack can't be asked, that is the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from assistant.errors import UserError
from assistant.people import people_of
from assistant.persons import canonical
from assistant.viewer import Viewer, viewer_for
from digests.directory import CouldNotAsk, is_guest, is_shared

if TYPE_CHECKING:
    from slack_bolt import BoltContext
    from slack_sdk import WebClient

    from assistant.policy import Policy
    from storage.ledger import Ledger

KEPT_FOR = timedelta(hours=1)
SHARED_FOR = timedelta(minutes=5)  # a channel may be shared with another company at any moment
FOUND_FOR = timedelta(days=7)
MOST_KEPT = 20_000
UNSURE = (
    "I could not ask Slack whether you are a member of this workspace, so I show nothing yet. "
    "Please try again in a minute."
)
OUTSIDE = "This is for members of this workspace; guests and people of other workspaces see nothing here."
_NOBODY = frozenset({"users_not_found", "user_not_found", "user_not_visible"})
INVITE = "I am not in this channel. Type `/invite @lastmile` here, then press the button again."


@dataclass(frozen=True, slots=True)
class Known:
    """What Slack said of one user; ``team`` None where it did not say."""

    name: str | None
    zone: str | None
    email: str | None
    team: str | None
    guest: bool
    at: datetime


class People:
    """Slack users as viewers."""

    def __init__(self, policy: "Policy", client: "WebClient", ledger: "Ledger") -> None:
        self._policy = policy
        self._client = client
        self._ledger = ledger
        self._known: dict[str, Known] = {}
        self._outsiders: dict[str, tuple[bool, datetime]] = {}
        self._by_email = {e.email.casefold(): key for key, e in policy.people.items() if e.email}

    def member(self, context: "BoltContext", now: datetime) -> Viewer:
        """Whoever made a request, if they are a member; raises UserError for everybody else."""
        viewer = self.viewer(context, now)
        if not viewer.inside:
            raise UserError(OUTSIDE)
        return viewer

    def viewer(self, context: "BoltContext", now: datetime) -> Viewer:
        """Whoever made a request; raises UserError where membership can't be told."""
        user = context.actor_user_id or context.user_id or ""
        ours = self._policy.workspace.team_id or _team_of(context)
        if not ours:
            raise UserError(UNSURE)
        known = self._look_up(user, now)
        key = self._key(user, known)
        if known is None and not key.startswith("person/"):
            raise UserError(UNSURE)
        teams = {context.actor_team_id or context.team_id, known.team if known else None} - {None}
        inside = teams <= {ours}
        entry = self._policy.people.get(key.removeprefix("person/"))
        return viewer_for(
            self._policy,
            key,
            (entry.name if entry else None) or (known.name if known else None) or user,
            (entry.zone if entry else None) or (known.zone if known else None),
            context.channel_id,
            inside=inside and not (known and known.guest),
        )

    def key(self, user: str, now: datetime) -> str:
        """The person that a Slack user is, as acts know them: ``person/<key>``, else ``slack/<id>``."""
        configured = canonical(f"slack/{user}", self._policy)
        return configured if configured.startswith("person/") else self._key(user, self._look_up(user, now))

    def name(self, key: str, now: datetime) -> str:
        """What people call somebody: as the configuration says, else as Slack does, else by their key."""
        settled = canonical(key, self._policy)
        known = self._look_up(settled.removeprefix("slack/"), now) if settled.startswith("slack/") else None
        return (known.name if known else None) or people_of(self._policy).name(settled)

    def slack_id(self, key: str | None, now: datetime) -> str | None:
        """The Slack user that a person is: configured, else found by their e-mail; None where nobody can tell.

        Raises CouldNotAsk where Slack did not say and never said before.
        """
        kind, _, name = (key or "").partition("/")
        if kind == "slack":
            return name
        entry = self._policy.people.get(name) if kind == "person" else None
        if entry is None or entry.slack or not entry.email:
            return entry.slack if entry else None
        return self._found(entry.email.casefold(), now)

    def zone(self, user: str, now: datetime) -> str | None:
        """The zone that a Slack user set there; None where Slack does not say."""
        known = self._look_up(user, now)
        return known.zone if known else None

    def outsiders_in(self, channel: str, now: datetime) -> bool:
        """Whether people of another workspace read a channel.

        Raises UserError with how to invite the assistant where it can't see the channel at all, CouldNotAsk where Slack
        does not say.
        """
        from slack_sdk.errors import SlackClientError

        kept = self._outsiders.get(channel)
        if kept and now - kept[1] < SHARED_FOR:
            return kept[0]
        try:
            found = self._client.conversations_info(channel=channel).get("channel") or {}
        except (SlackClientError, HTTPException, OSError) as problem:
            if _code(problem) == "channel_not_found":
                raise UserError(INVITE) from problem
            raise CouldNotAsk from problem
        shared = is_shared(found)
        if len(self._outsiders) >= MOST_KEPT:
            self._outsiders.clear()
        self._outsiders[channel] = shared, now
        return shared

    def inside(self, user: str, now: datetime) -> bool:
        """Whether a Slack user is a member of this workspace: no guest, not deactivated, and known to Slack.

        Raises CouldNotAsk where Slack does not say.
        """
        from slack_sdk.errors import SlackClientError

        kept = self._known.get(user)
        try:
            known = kept if kept and now - kept.at < KEPT_FOR else self._asked(user, now)
        except (SlackClientError, HTTPException, OSError) as problem:
            if _code(problem) in _NOBODY:
                return False
            raise CouldNotAsk from problem
        return not known.guest

    def _key(self, user: str, known: Known | None) -> str:
        key = canonical(f"slack/{user}", self._policy)
        if known and known.email and not known.guest and not key.startswith("person/"):
            owner = self._by_email.get(known.email.casefold())
            return f"person/{owner}" if owner else key
        return key

    def _found(self, email: str, now: datetime) -> str | None:
        """Who has this e-mail in Slack; what Slack said, nobody included, is kept in the ledger's cache."""
        from slack_sdk.errors import SlackClientError

        kept = self._ledger.recall_person(email)
        if kept and now - kept[0] < FOUND_FOR:
            return _slack(kept[1])
        try:
            found = (self._client.users_lookupByEmail(email=email).get("user") or {}).get("id")
        except (SlackClientError, HTTPException, OSError) as problem:
            if _code(problem) not in _NOBODY:
                if kept:
                    return _slack(kept[1])
                raise CouldNotAsk from problem
            found = None
        self._ledger.remember_person(email, {"slack": found}, now)
        return str(found) if found else None

    def _look_up(self, user: str, now: datetime) -> Known | None:
        from slack_sdk.errors import SlackClientError

        kept = self._known.get(user)
        if kept and now - kept.at < KEPT_FOR:
            return kept
        try:
            return self._asked(user, now)
        except (SlackClientError, HTTPException, OSError):  # Slack refused, broke off or is not there
            return kept  # what it said before holds

    def _asked(self, user: str, now: datetime) -> Known:
        said = self._client.users_info(user=user).get("user") or {}
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[user] = known = _known(said, now)
        return known


def _known(said: Mapping[str, Any], now: datetime) -> Known:
    profile = said.get("profile") or {}
    return Known(
        name=profile.get("real_name") or said.get("real_name") or profile.get("display_name") or said.get("name"),
        zone=_zone(said.get("tz")),
        email=profile.get("email"),
        team=_team(said),
        guest=is_guest(said),
        at=now,
    )


def _code(problem: Exception) -> str:
    """What Slack calls a problem; empty where it did not answer."""
    said: Any = getattr(problem, "response", None)
    return str(said.get("error") or "") if hasattr(said, "get") else ""


def _slack(person: Any) -> str | None:  # noqa: ANN401  any JSON that was remembered
    return person.get("slack") if isinstance(person, dict) else None


def _team(said: Mapping[str, Any]) -> str | None:
    """The team that Slack puts a user in; within an organisation they may be in several, of which none is said."""
    return None if said.get("enterprise_user") else said.get("team_id")


def _team_of(context: "BoltContext") -> str | None:
    """The workspace that the app is installed in, as Slack said when it was asked who we are."""
    found = context.authorize_result
    return found.team_id if found else None


def _zone(name: object) -> str | None:
    try:
        return ZoneInfo(str(name)).key if name else None
    except (ValueError, OSError, LookupError):
        return None
