"""Is a merged change on a release's branch?"""

import re
from collections.abc import Iterable

from storage.facts import Facts
from storage.naming import version_key
from storage.records import Branch, Change, ChangeState

_DECORATION = re.compile(r"\[[^\]]*\]|\(#?\d[^)]*\)|\b(?:backport|cherry[- ]?pick(?:ed)?)\b[:\s]*", re.IGNORECASE)


class Branches:
    """The release branches that are known, and what is on them."""

    def __init__(self, facts: Facts) -> None:
        """``facts`` hold the release branches and the changes that may have been brought to them."""
        self._branches = {(b.repository.casefold(), b.name): b for b in facts.branches if b.exists}
        self._landed = {(c.repository.casefold(), c.sha): c.branches for c in facts.commits}
        self._changes = facts.changes

    def of_release(self, repository: str, keys: Iterable[str]) -> Branch | None:
        """The branch of a release in a repository, None where it has none."""
        wanted = set(keys)
        for (where, name), branch in self._branches.items():
            if where == repository.casefold() and version_key(name) in wanted:
                return branch
        return None

    def holds(self, change: Change, branch: str) -> bool | None:
        """Whether a merged change is on a branch: merged there, before it was cut, landed there, or brought over.

        None when the branch's beginning was never seen, so that it can't be told.
        """
        landed = self._landed.get((change.repository.casefold(), change.merge_sha or ""), ())
        if change.base == branch or branch in landed:
            return True
        if self.brought(change, branch, ChangeState.MERGED):
            return True
        known = self._branches.get((change.repository.casefold(), branch))
        if known is None or known.created_at is None:
            return None
        return change.merged_at is not None and change.merged_at <= known.created_at

    def brought(self, change: Change, branch: str, state: ChangeState) -> Change | None:
        """The change by which another was brought to a branch: based on it, with the same title but for decoration."""
        title = _bare(change.title)
        for other in self._changes:
            same = other.repository == change.repository and other.base == branch and other.state is state
            if same and other.object != change.object and _bare(other.title) == title:
                return other
        return None


def _bare(title: str) -> str:
    return " ".join(_DECORATION.sub(" ", title.casefold()).split())
