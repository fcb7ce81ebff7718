"""How do the checks on each commit stand, and which of them hold a change up?"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from storage.records import Check, CheckState, KnownEvent
from storage.state.rules import FoldRules
from storage.state.stated import instant, word

_STATES = {state.value: state for state in CheckState}
_FAILED, _RUNNING = CheckState.FAILED, CheckState.RUNNING


class _Run(NamedTuple):
    id: str
    started_at: datetime
    at: datetime
    state: CheckState
    url: str | None


class Checks:
    """The newest run of each check by commit, as of the events taken in so far."""

    def __init__(self, repository: str, rules: FoldRules) -> None:
        """``required`` stays None where nobody said which checks are: then every one counts."""
        required = rules.required_checks.get(repository.casefold())
        self.required = None if required is None else frozenset(required)
        self._runs: dict[str, dict[str, _Run]] = {}
        self._standing: dict[str | None, tuple[bool, bool]] = {}

    def updated(self, event: KnownEvent) -> None:
        """Take in one ``check.updated`` of the commit that it names.

        A rerun is another id: what an earlier run still says afterwards (that it was cancelled) is nothing new.
        """
        data = event.data
        name, state = word(data, "name"), _STATES.get(data.get("state", ""))
        if name is None or state is None:
            return
        sha = event.object.rpartition("@")[2]
        runs = self._runs.setdefault(sha, {})
        started_at = instant(data, "started_at") or event.at
        run = _Run(str(data.get("id")), min(started_at, event.at), event.at, state, word(data, "url"))
        before = runs.get(name)
        if before is None or _follows(run, before):
            runs[name] = run
            self._standing.pop(sha, None)

    def standing(self, sha: str | None) -> tuple[bool, bool]:
        """Whether a check that counts has failed on the commit, and whether one is running."""
        found = self._standing.get(sha)
        if found is None:
            found = self._standing[sha] = self._count(sha)
        return found

    def _count(self, sha: str | None) -> tuple[bool, bool]:
        failing = running = False
        for name, run in self._runs.get(sha or "", _NONE).items():
            if self.required is None or name in self.required:
                # By identity: an enum's own hash and comparison are slow.
                failing = failing or run.state is _FAILED
                running = running or run.state is _RUNNING
        return failing, running

    def unreported(self, sha: str | None) -> bool:
        """Whether it is unknown which checks are required, or how one of those stands on the commit."""
        return self.required is None or not self.required <= self._runs.get(sha or "", _NONE).keys()

    def on(self, sha: str | None) -> tuple[Check, ...]:
        """The checks on one commit, by name."""
        return tuple(
            Check(name, run.state, run.at, None if self.required is None else name in self.required, run.url)
            for name, run in sorted(self._runs.get(sha or "", _NONE).items())
        )


_NONE: Mapping[str, _Run] = {}


def _follows(run: _Run, before: _Run) -> bool:
    if run.id == before.id:
        return run.at > before.at or run.state is not _RUNNING
    return run.started_at >= before.started_at
