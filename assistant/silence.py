"""Which source, or which repository of it, has been silent for too long to vouch for anything?"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from assistant.situation import Situation
from assistant.unknowns import Unknown
from storage.naming import is_tracker
from storage.records import ChangeState

OWN_SOURCE = "lastmile"
_NEVER = datetime.min.replace(tzinfo=UTC)
_RESTS = 2  # times as long as a whole source: one repository is quiet more often, and over long holidays
_CONNECT = "Connect its webhook, or run `lastmile backfill github {} --since DATE`."
_CONNECT_TRACKER = "Connect Jira's webhook; its issues are known from their next change on."
_LISTEN = "Check the webhook's deliveries, or run the backfill."


def stale(situation: Situation) -> Iterable[Unknown]:
    """The gap that silence leaves: of a whole source, else of the repositories that fell silent alone."""
    if silent := silent_since(situation):
        days = (situation.now - silent[1]) / timedelta(days=1)
        yield Unknown(
            "stale_source", f"{silent[0]} was last heard {days:.0f} days ago; what happened since is not known.",
            _LISTEN, decides=True,
        )  # fmt: skip
    elif quiet := quiet_repositories(situation):
        told = ", ".join(f"{name} ({(situation.now - at).days} days ago)" for name, at in quiet.items())
        yield Unknown(
            "stale_repository", f"Last heard too long ago to go by: {told}; what happened there since is not known.",
            _LISTEN, decides=True,
        )  # fmt: skip


def silent_since(situation: Situation) -> tuple[str, datetime] | None:
    """The source that has been silent for too long to vouch for anything, and since when.

    Where every repository of the subject was reconciled since, none has to.
    """
    freshness = situation.facts.freshness
    sources = sorted({*freshness.newest_event, *freshness.newest_receipt} - {OWN_SOURCE})
    limit = situation.now - timedelta(hours=situation.policy.sources.silent_hours)
    reconciled = _reconciled(situation)
    for source in sources:
        heard = (freshness.newest_event.get(source), freshness.newest_receipt.get(source))
        newest = max(at for at in heard if at)
        if max(newest, reconciled) < limit:
            return source, newest
    return None


def quiet_repositories(situation: Situation) -> dict[str, datetime]:
    """The repositories with something open, or not in production yet, of which nothing was heard for too long.

    And since when. One that was reconciled is heard of then; it vouches for no other.
    """
    last_heard, reconciled = situation.facts.last_heard, _reconciliations(situation)
    limit = situation.now - _RESTS * timedelta(hours=situation.policy.sources.silent_hours)
    quiet: dict[str, datetime] = {}
    for name in _expected(situation):
        known = last_heard.get(name.casefold())
        if known is not None and max(known, reconciled.get(name.casefold(), _NEVER)) < limit:
            quiet[name] = known
    return quiet


def _expected(situation: Situation) -> list[str]:
    members = situation.members
    names = {ticket.repository for ticket in members.tickets if ticket.open}
    for change in members.changes:
        if change.state is ChangeState.OPEN or situation.production.lacks(change):
            names.add(change.repository)
    return sorted(names)


def _reconciled(situation: Situation) -> datetime:
    """Since when every repository of the subject is reconciled."""
    members, heard = situation.members, situation.heard
    told = {name.casefold() for name in situation.subject.repositories or ()}
    told = {name for name in told if situation.viewer.may_see(name) and (heard is None or name in heard)}
    told |= {change.repository.casefold() for change in members.changes}
    told |= {ticket.repository.casefold() for ticket in members.tickets}
    at = _reconciliations(situation)
    return min((at.get(name, _NEVER) for name in told), default=_NEVER)


def _reconciliations(situation: Situation) -> dict[str, datetime]:
    return {one.name.casefold(): one.reconciled_at for one in situation.facts.repositories if one.reconciled_at}


def connecting(repository: str) -> str:
    """What to do about a repository, or a project of Jira's, that nothing was ever heard of."""
    return _CONNECT_TRACKER if is_tracker(repository) else _CONNECT.format(repository)
