"""Which folders does a change touch, as far as the pushes of its commits tell?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from storage.state.authorship import not_merges
from storage.state.pushes import Commit
from storage.state.stated import words

MOST_FOLDERS = 10  # kept of one change


def folders_of(told: Mapping[str, Any], commits: Sequence[Commit], pushed: Sequence[Commit]) -> tuple[str, ...]:
    """The folders that most of a change's ``commits`` touch first; empty where no push told of any.

    A forge's own list of commits knows no paths: the same commits as they were ``pushed`` do.
    """
    known = {one.get("sha"): words(one, "folders") for one in pushed}
    counted: Counter[str] = Counter()
    for one in not_merges(commits, told.get("commits")):
        counted.update(set(words(one, "folders") or known.get(one.get("sha"), ())))
    return tuple(sorted(counted, key=lambda folder: (-counted[folder], folder))[:MOST_FOLDERS])
