"""Which facts do several digests of one moment share?

At nine many channels ask the same of the same repositories. What the same needs gave at the same moment is not loaded
again; what each reader remembers is their own, and always is.
"""

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from storage.facts import Facts, Needs

if TYPE_CHECKING:
    from storage.ledger import Ledger

MOST = 4  # whoever asks the same comes one after the other; more would only take memory


class Loaded:
    """The facts of the last few needs; for one thread, and one tick."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Facts] = OrderedDict()

    def load(self, ledger: "Ledger", needs: Needs, now: datetime) -> Facts:
        """What these needs give at this moment, with what its reader remembers."""
        shared = replace(needs, seen_by=None, seen_key=None)
        key = f"{now.isoformat()} {shared!r}"
        facts = self._known.get(key)
        if facts is None:
            facts = ledger.load(shared, now)
        self._known[key] = facts
        self._known.move_to_end(key)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        remembers = needs.seen_by is not None and needs.seen_key is not None
        return replace(facts, seen=ledger.seen(needs.seen_by or "", needs.seen_key or "") if remembers else None)
