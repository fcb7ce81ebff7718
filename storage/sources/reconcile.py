"""What did a source tell us while we were not there to hear it?

GitHub gives up on a delivery after 10 s and never tries again: so what changed since a repository was last known to be
complete is read once more, after every start and every 6 hours.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.ledger import Ledger
from storage.sources.backfill import Access, Progress, Unreadable, backfill
from storage.sources.marks import current_until, reconciled, repository_object

OVERLAP = timedelta(minutes=10)  # clocks differ, and GitHub's lists lag a little
FIRST = timedelta(days=90)  # how far back a repository is read of which nothing was ever read


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How one repository went: what was read since ``since``, or ``failed`` with the reason."""

    repository: str
    since: datetime
    progress: Progress | None = None
    failed: str | None = None


def reconcile(
    ledger: Ledger,
    repositories: Sequence[str],
    access: Access,
    *,
    counted: Callable[[str | None], bool] | None = None,
) -> tuple[Reconciled, ...]:
    """Bring repositories up to date one after the other and record that they are; one that fails takes no other down.

    Blocks; call it from a thread of its own. Raises Stopped (github_api) when ``access.stop`` was set.
    """
    return tuple(_one(ledger, name, access, counted) for name in repositories)


def due_since(ledger: Ledger, repository: str, now: datetime) -> datetime:
    """From when on a repository has to be read: since it was last complete; where it never was, the last 90 days."""
    written = next((name for name in ledger.repositories() if name.casefold() == repository.casefold()), repository)
    until = current_until(ledger.history(repository_object(written)))
    return until - OVERLAP if until else now - FIRST


def _one(ledger: Ledger, name: str, access: Access, counted: Callable[[str | None], bool] | None) -> Reconciled:
    began_at = access.clock()
    since = due_since(ledger, name, began_at)
    try:
        progress = backfill(ledger, name, since, access, counted=counted, marks=False)
    except Unreadable as error:
        return Reconciled(name, since, failed=str(error))
    now = access.clock()
    ledger.record([reconciled(progress.repository, since, began_at, now)], now)
    return Reconciled(name, since, progress)
