"""Who is asking, and which repositories may an answer to them be made of?"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache

from assistant.policy import Policy

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Viewer:
    """One reader of an answer, or a channel full of them.

    ``key`` is ``person/<key>``, ``slack/<U..>``, ``terminal/<name>`` or ``channel/<C..>``. ``sees`` are globs of
    repositories (None: every repository); ``within`` narrows them again where a person shares into a channel.
    ``inside`` is False for guests and people of other workspaces. ``by_rule`` marks what a source told and a rule of
    the configuration acts on: the rule says that it counts, whoever did it there.
    """

    key: str
    name: str
    zone: str = "UTC"
    sees: frozenset[str] | None = None
    channel: str | None = None
    inside: bool = True
    within: frozenset[str] | None = None
    by_rule: bool = False

    @property
    def sees_all(self) -> bool:
        """Whether nothing is hidden from this viewer."""
        return self.sees is None and self.within is None

    def may_see(self, repository: str | None) -> bool:
        """Whether a repository may be part of what this viewer reads; things of no repository may."""
        if repository is None:
            return self.inside or bool(self.sees)
        name = repository.casefold()
        return _matches(name, self.sees) and _matches(name, self.within)

    def visible(self, repositories: Iterable[str]) -> frozenset[str] | None:
        """The repositories of those known that this viewer may see; None when all there ever are."""
        return None if self.sees_all else frozenset(name for name in repositories if self.may_see(name))


def viewer_for(  # noqa: PLR0913  # one argument for each thing that is known of a reader
    policy: Policy, key: str, name: str, zone: str | None = None, channel: str | None = None, *, inside: bool = True
) -> Viewer:
    """Settle what a person may see: their own entry and their teams', else the default; outsiders see nothing.

    A guest of the workspace sees only what ``[access.people]`` names for them, never a team's or the default.
    """
    person = key.removeprefix("person/") if key.startswith("person/") else None
    entry = policy.people.get(person or "")
    guest = entry is not None and entry.guest
    named = _named(policy, person, teams=not guest)
    if not inside:
        sees: frozenset[str] | None = NOTHING
    elif named is not None:
        sees = named
    else:
        sees = NOTHING if guest or policy.access.default == "closed" else None
    shown = zone or (entry.zone if entry else None) or policy.workspace.zone or policy.hours.zone or "UTC"
    return Viewer(key, name, shown, sees, channel, inside=inside and not guest)


def shared_in(viewer: Viewer, policy: Policy, channel: str, *, outsiders: bool = False) -> Viewer:
    """The channel as a reader of what this person shares there: what both may see.

    ``outsiders`` marks a channel shared with another workspace: only what ``[access.channels]`` names for it.
    """
    listed = policy.access.channels.get(channel)
    if listed is not None:
        may: frozenset[str] | None = _folded(listed)
    else:
        may = NOTHING if outsiders or policy.access.default == "closed" else None
    return replace(viewer, key=f"channel/{channel}", channel=channel, within=may, inside=not outsiders)


def _named(policy: Policy, person: str | None, *, teams: bool) -> frozenset[str] | None:
    if person is None:
        return None
    lists = [policy.access.people[person]] if person in policy.access.people else []
    if teams:
        lists += [globs for team, globs in policy.access.teams.items() if person in policy.teams[team].members]
    return frozenset().union(*map(_folded, lists)) if lists else None


def _folded(globs: Iterable[str]) -> frozenset[str]:
    return frozenset(glob.casefold() for glob in globs)


def _matches(name: str, globs: frozenset[str] | None) -> bool:
    return globs is None or _any_matches(name, globs)


@lru_cache(maxsize=4096)
def _any_matches(name: str, globs: frozenset[str]) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs)
