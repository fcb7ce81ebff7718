"""What several digests of one moment ask alike is loaded once, and what each remembers stays its own."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from assistant.loading import MOST, Loaded
from storage.facts import Facts, Needs
from tests.answers import NOW


@dataclass
class Counting:
    """A ledger that counts what is loaded from it."""

    loaded: list = field(default_factory=list)

    def load(self, needs, now):
        self.loaded.append((needs, now))
        return Facts(events=len(self.loaded))

    def seen(self, viewer, key):
        return NOW, f"{viewer} {key}"


ASKED = Needs(open_in=("acme/web",), seen_by="subscription:1", seen_key="stalled:team:web")


def test_the_same_needs_at_the_same_moment_are_loaded_once():
    ledger, loaded = Counting(), Loaded()
    first = loaded.load(ledger, ASKED, NOW)
    second = loaded.load(ledger, replace(ASKED, seen_by="subscription:2"), NOW)
    assert len(ledger.loaded) == 1
    assert (first.seen[1], second.seen[1]) == ("subscription:1 stalled:team:web", "subscription:2 stalled:team:web")


def test_who_may_see_less_shares_nothing():
    ledger, loaded = Counting(), Loaded()
    loaded.load(ledger, ASKED, NOW)
    loaded.load(ledger, replace(ASKED, repositories=frozenset({"acme/web"})), NOW)
    assert len(ledger.loaded) == 2


def test_another_moment_is_loaded_anew():
    ledger, loaded = Counting(), Loaded()
    loaded.load(ledger, ASKED, NOW)
    loaded.load(ledger, ASKED, NOW + timedelta(seconds=1))
    assert len(ledger.loaded) == 2


def test_whoever_remembers_nothing_is_told_nothing_of_others():
    assert Loaded().load(Counting(), replace(ASKED, seen_by=None), NOW).seen is None


def test_only_the_last_few_are_kept():
    ledger, loaded = Counting(), Loaded()
    for number in range(MOST + 1):
        loaded.load(ledger, replace(ASKED, open_in=(f"acme/{number}",)), NOW)
    loaded.load(ledger, replace(ASKED, open_in=("acme/0",)), NOW)
    assert len(ledger.loaded) == MOST + 2
