"""What does the ledger hand over for one question?"""

from datetime import datetime, timedelta

from storage.attending import attention
from storage.caches import seen
from storage.counting import freshness, last_heard
from storage.database import Session
from storage.deployed import Deployed
from storage.facts import Facts, Needs
from storage.familiarity import familiarity, moves
from storage.flowing import backlog, lasting
from storage.flows import flows
from storage.gathering import claims, gather, links, open_work
from storage.handoffs import passed_on
from storage.hearing import heard
from storage.incidents import incidents
from storage.instants import instant, stamp
from storage.naming import kind_of
from storage.production import Targets
from storage.records import (
    Account,
    Branch,
    Change,
    Commit,
    External,
    Freeze,
    Milestone,
    ObjectKind,
    Publication,
    Release,
    Repository,
    Round,
    Ticket,
    Train,
)
from storage.sampling import Sampling
from storage.shelf import COLUMNS, Shelf
from storage.signed import since_signed
from storage.state.bots import is_bot
from storage.state.rules import FoldRules

_STANDING = (  # what concerns everybody, unless it ended before the recent days
    f"SELECT {COLUMNS} FROM state s WHERE s.kind IN ('freeze', 'train', 'external', 'account', 'repository')"
    " AND (s.done_at IS NULL OR s.done_at >= ?)"
)


def load(session: Session, needs: Needs, now: datetime, rules: FoldRules) -> Facts:
    """Everything ``needs`` asks for. ``rules`` say which accounts are bots."""
    since = stamp(now - timedelta(days=needs.recent_days))
    shelf = Shelf(session, needs.repositories)
    left_out = gather(shelf, needs)
    left_out += open_work(shelf, needs)
    shelf.add(session.all(_STANDING, (since,)))
    moves(shelf, needs, now)
    labelled = links(shelf, "label", needs.incident_labels, since, shelf.visible(needs.incidents_in))
    targets = Targets(needs.environments, needs.repository_of)
    flowed = flows(session, shelf, needs, targets)
    deployed = Deployed(shelf, needs, targets, since, flowed.landed)
    deployments, first_out = deployed.newest(), deployed.first()
    deployed.undeployed()
    _follow(shelf, needs)
    _commits(shelf)
    passed = passed_on(shelf, needs, now)
    sampling = Sampling(session, shelf, needs, now)
    known = familiarity(shelf, needs, now)
    changes, counted = shelf.of(Change), sampling.recent()
    return Facts(
        changes=changes,
        tickets=shelf.of(Ticket),
        milestones=shelf.of(Milestone),
        publications=shelf.of(Publication),
        commits=shelf.of(Commit),
        branches=shelf.of(Branch),
        deployments=tuple(deployments),
        first_out=tuple(first_out),
        landed={
            commit: {branch: instant(at) for branch, at in places.items()} for commit, places in deployed.landed.items()
        },
        incidents=incidents(shelf, needs, labelled, since),
        releases=shelf.of(Release),
        freezes=shelf.of(Freeze),
        trains=shelf.of(Train),
        externals=shelf.of(External),
        accounts=shelf.of(Account),
        repositories=shelf.of(Repository),
        samples=sampling.samples(),
        merged=sampling.merged(targets),
        hints=claims(session, (record.object for record in shelf.work())),
        recent_changes=counted[0],
        recent_without_release=counted[1],
        accounts_seen=tuple(name for name in sampling.actors() if not is_bot(name, None, rules)),
        freshness=freshness(session),
        heard={} if needs.heard_within is None else heard(session, needs.heard_within, now),
        last_heard=last_heard(session, (record.repository.casefold() for record in shelf.work())),
        seen=_seen(session, needs),
        deploying=deployed.deploying(),
        events=int(session.one("SELECT 1 FROM event LIMIT 1") is not None),
        left_out=left_out,
        attention=attention(shelf, needs, since),
        familiar=known.familiar,
        in_hand=known.in_hand,
        turns=lasting(session, shelf, needs),
        backlog=backlog(session, shelf, needs, targets),
        flow=flowed.of,
        handoffs=passed,
        rounds=shelf.of(Round),
        signed=since_signed(shelf, needs) if passed else None,
    )


def _follow(shelf: Shelf, needs: Needs) -> None:
    """What the loaded work depends on, step by step, what it closes, what closes it, and what reverts a release's."""
    if not needs.linked:
        return
    _parts(shelf, needs)
    closing = links(shelf, "closes", [record.object for record in shelf.of(Ticket)], 0, None)
    shelf.fetch(closing)
    if needs.release_keys or needs.release_objects:
        links(shelf, "reverts", _undoable(shelf), 0, None)
    for _ in range(_STEPS):
        targets = {name for record in shelf.work() for name in record.depends_on}
        targets |= {name for change in shelf.of(Change) for name in change.closes}
        if targets <= shelf.records.keys():
            break
        before = len(shelf.records)
        shelf.fetch(targets)
        if len(shelf.records) == before:
            break


_STEPS = 5  # of dependencies of dependencies


def _parts(shelf: Shelf, needs: Needs) -> None:
    """The tickets that are parts of those asked for by name: of an epic its stories, and what those consist of."""
    whole = {name for name in needs.objects if kind_of(name) == ObjectKind.TICKET}
    for _ in range(_LEVELS):
        whole = links(shelf, "part_of", whole, 0, None) if whole else whole


_LEVELS = 2  # stories of an epic, tasks of a story


def _undoable(shelf: Shelf) -> list[str]:
    """The names under which a revert names one of the loaded changes that were merged."""
    merged = [change for change in shelf.of(Change) if change.merge_sha]
    return [name for c in merged for name in (c.object, f"commit:{c.repository}@{c.merge_sha}")]


def _commits(shelf: Shelf) -> None:
    """The commits that the loaded changes were merged as."""
    shelf.fetch(f"commit:{c.repository}@{c.merge_sha}" for c in shelf.of(Change) if c.merge_sha)


def _seen(session: Session, needs: Needs) -> tuple[datetime, object] | None:
    if needs.seen_by is None or needs.seen_key is None:
        return None
    return seen(session, needs.seen_by, needs.seen_key)
