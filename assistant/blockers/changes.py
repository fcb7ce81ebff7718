"""What holds up a change that is not merged yet, and whose move is it?"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from assistant.blockers.blocker import MACHINE, Blocker, BlockerKind, NextAction, Owner
from assistant.blockers.minded import takers, willing
from assistant.origin import Origin, origin_of
from assistant.risk import Band, depends_on_origin, risk_of, service_level
from assistant.situation import Situation
from storage.naming import called, kind_of, subject_of
from storage.records import Change, ChangeState, Turn, TurnKind

Owners = tuple[Owner, ...]
_Made = tuple[BlockerKind, Owners, NextAction]


def of_changes(situation: Situation) -> Iterable[Blocker]:
    """A blocker for each member change that is still open, unless somebody said that it is out already."""
    for change in situation.members.changes:
        if change.state is ChangeState.OPEN and change.corrections.shipped_at is None:
            yield of_change(change, situation)


def of_change(change: Change, situation: Situation) -> Blocker:
    """The blocker that an open change is: its unmet dependency first, else the turn that lasts."""
    turn = change.move or Turn(TurnKind.REVIEW_PENDING, change.ready_at or change.opened_at, None, change.asked)
    unmet = unmet_dependencies(change, situation)
    if unmet:
        return _dependency(change, turn, unmet, situation)
    return _blocker(change, turn, situation, _made(change, turn, situation))


def _made(change: Change, turn: Turn, situation: Situation) -> _Made:
    """What a turn makes of a change, for those of its movers who have not said that it is not theirs."""
    kind, owners, action = _TURNS[turn.kind](change, turn, situation)
    left = willing(owners, change.object, turn.began_at, situation)
    if kind is BlockerKind.REVIEW_PENDING and not left:
        action = NextAction.FIND_REVIEWER
    return kind, left, action


def unmet_dependencies(change: Change, situation: Situation) -> tuple[str, ...]:
    """What a change depends on that is not merged (a ticket: closed) as far as is known, by full name.

    What the viewer may not see is left out: see ``hidden_dependencies``.
    """
    return tuple(name for name in _dependencies(change) if _visible(name, situation) and not _met(name, situation))


def hidden_dependencies(change: Change, situation: Situation) -> bool:
    """Whether an open change depends on something in a repository that this viewer may not see."""
    hidden = (not _visible(name, situation) for name in _dependencies(change))
    return change.state is ChangeState.OPEN and any(hidden)


def _dependencies(change: Change) -> list[str]:
    """What a change says that it depends on, and what a person linked it to; nothing that they unlinked."""
    linked = (name for name in change.corrections.linked if kind_of(name) == "change")
    told = dict.fromkeys((*change.depends_on, *linked))
    return [name for name in told if name not in change.corrections.not_linked and name != change.object]


def author_of(change: Change, situation: Situation) -> Owners:
    """Who makes the author's moves: as corrected, the author, for a bot's change its assignees, else its owners."""
    author = () if change.author_is_bot else (change.author,)
    return situation.owners((change.corrections.owner,), author, change.assignees, _code_owners(change, situation))


def _visible(name: str, situation: Situation) -> bool:
    return situation.viewer.may_see(subject_of(name).rpartition("#")[0])


def _met(name: str, situation: Situation) -> bool:
    change, ticket = situation.change(name), situation.ticket(name)
    if change is not None:
        return change.state is ChangeState.MERGED
    return ticket is not None and not ticket.open


def _dependency(change: Change, turn: Turn, unmet: tuple[str, ...], situation: Situation) -> Blocker:
    """The move is the other's; its own turn comes after, and is what its remaining time is compared with.

    A dependency that was closed unmerged will never land: then the author must find another way.
    """
    others = [other for other in map(situation.change, unmet) if other is not None]
    given_up = [other for other in others if other.state is ChangeState.ABANDONED]
    owners: Owners = author_of(change, situation) if given_up else ()
    for other in others:
        owners += () if given_up else _mover(other, situation)
    owners = willing(owners, change.object, turn.began_at, situation)
    names = ", ".join(map(called, unmet))
    said = f"waits for {names}" + (", which was closed unmerged" if given_up else "")
    made = BlockerKind.DEPENDENCY, tuple(dict.fromkeys(owners)), NextAction.LAND_DEPENDENCY
    turns = [other.move.began_at for other in others if other.move]
    blocker = _blocker(change, turn, situation, made)
    since = min(max(min(turns, default=turn.began_at), change.opened_at), situation.now)
    waited = situation.waited(since, blocker.owners)
    return replace(blocker, waiting_since=since, waiting_hours=waited, detail=said, after=unmet)


def _mover(change: Change, situation: Situation) -> Owners:
    turn = change.move
    return _made(change, turn, situation)[1] if turn else author_of(change, situation)


def _code_owners(change: Change, situation: Situation) -> list[str]:
    return situation.configured(situation.policy.repository(change.repository).owners)


def _in_progress(change: Change, _turn: Turn, situation: Situation) -> _Made:
    return BlockerKind.IN_PROGRESS, author_of(change, situation), NextAction.FINISH


def _checks_running(_change: Change, _turn: Turn, _situation: Situation) -> _Made:
    return BlockerKind.IN_PROGRESS, (MACHINE,), NextAction.WAIT_FOR_CHECKS


def _review_pending(change: Change, turn: Turn, situation: Situation) -> _Made:
    """Whoever took it reviews it; else whoever is asked, else those who own its files."""
    if took := takers(change, turn.began_at, situation):
        return BlockerKind.REVIEW_PENDING, took, NextAction.REVIEW
    asked = turn.movers or change.asked
    owners = situation.owners((change.corrections.owner,), asked, _asked_teams(change, situation))
    owners = owners or situation.owners(_code_owners(change, situation))
    return BlockerKind.REVIEW_PENDING, owners, NextAction.REVIEW if owners else NextAction.FIND_REVIEWER


def _asked_teams(change: Change, situation: Situation) -> list[str]:
    """The teams asked for a review that the configuration knows by the forge's name for them."""
    known = {key.casefold(): key for key in situation.policy.teams}
    return [f"team/{known[team.casefold()]}" for team in change.asked_teams if team.casefold() in known]


def _ready_to_merge(change: Change, _turn: Turn, situation: Situation) -> _Made:
    merger = situation.policy.repository(change.repository).merger
    named = situation.configured([merger]) if merger and merger != "author" else []
    owners = situation.owners((change.corrections.owner,), named) or author_of(change, situation)
    return BlockerKind.READY_TO_MERGE, owners, NextAction.MERGE


def _authors(kind: BlockerKind, action: NextAction) -> Callable[[Change, Turn, Situation], _Made]:
    return lambda change, _turn, situation: (kind, author_of(change, situation), action)


_TURNS: Mapping[TurnKind, Callable[[Change, Turn, Situation], _Made]] = {
    TurnKind.IN_PROGRESS: _in_progress,
    TurnKind.CHECKS_RUNNING: _checks_running,
    TurnKind.REVIEW_PENDING: _review_pending,
    TurnKind.DEPENDENCY: _review_pending,  # its dependency is met by now: what comes next is a review
    TurnKind.READY_TO_MERGE: _ready_to_merge,
    TurnKind.CHANGES_REQUESTED: _authors(BlockerKind.CHANGES_REQUESTED, NextAction.ANSWER_REVIEW),
    TurnKind.CHECKS_FAILING: _authors(BlockerKind.CHECKS_FAILING, NextAction.FIX_CHECKS),
    TurnKind.MERGE_CONFLICT: _authors(BlockerKind.MERGE_CONFLICT, NextAction.RESOLVE_CONFLICT),
    TurnKind.OPEN: _in_progress,
}
_PEOPLES = {Origin.HUMAN_HEAVY, Origin.MIXED}
# Nobody waits for a person while work or checks go on, and a dependency's wait is counted where it is.
_NO_LEVEL = {BlockerKind.IN_PROGRESS, BlockerKind.DEPENDENCY}


def _blocker(change: Change, turn: Turn, situation: Situation, made: _Made) -> Blocker:
    kind, owners, action = made
    origin, band = origin_of(change, situation.policy), risk_of(change).band
    doubted = kind is BlockerKind.REVIEW_PENDING and band is Band.HIGH and origin not in _PEOPLES
    since = min(turn.began_at, situation.now)
    return Blocker(
        kind=kind,
        object=change.object,
        subject=subject_of(change.object),
        title=change.title,
        url=change.url,
        owners=owners,
        waiting_since=since,
        waiting_hours=situation.waited(since, owners),
        next_action=action,
        turn=turn.kind,
        turn_began_at=since,
        repository=change.repository,
        level=None if kind in _NO_LEVEL else service_level(origin, band, situation.policy),
        level_by_origin=depends_on_origin(band, situation.policy),
        origin=origin,
        risk=band,
        specialists=_specialists(change, owners, situation) if doubted else (),
    )


def _specialists(change: Change, owners: Owners, situation: Situation) -> tuple[str, ...]:
    """Who should review it too, of high risk and not known to be people's work: a specialist who is not asked yet.

    Source: definitions, "Stalled reviews".
    """
    people, named = situation.people, situation.configured(situation.policy.service_levels.specialists)
    if any(people.same(key, owner.key) for key in named for owner in owners):
        return ()
    return tuple(people.name(key) for key in named if not people.same(key, change.author))
