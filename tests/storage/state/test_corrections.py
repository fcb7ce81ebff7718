"""What did people say that the sources have wrong?"""

from storage.records import Corrections
from storage.state.corrections import corrected
from tests.builders import CHANGE, happened, when


def said(kind, time="16T10:00", **data):
    return happened(CHANGE, f"corrected.{kind}", time, actor="person/anna", **data)


def test_nothing_said_is_nothing_corrected():
    assert corrected([]) == Corrections()


def test_the_newest_word_holds_and_an_empty_one_takes_it_back():
    assert corrected([said("owner", owner="person/bo"), said("owner", owner="person/cho")]).owner == "person/cho"
    assert corrected([said("owner", owner="person/bo"), said("owner", owner=None)]).owner is None


def test_shipped_is_dated_as_said_or_when_it_was_said():
    assert corrected([said("shipped", at="2026-11-10T09:00:00Z")]).shipped_at == when("10T09:00")
    assert corrected([said("shipped")]).shipped_at == when("16T10:00")
    assert corrected([said("shipped"), said("shipped", shipped=False)]).shipped_at is None


def test_a_link_is_linked_or_not_whichever_was_said_last():
    links = (
        said("link", linked=["ticket:acme/api#1", "ticket:acme/api#2"]),
        said("link", not_linked="ticket:acme/api#1"),
    )
    found = corrected(links)
    assert (found.linked, found.not_linked) == (("ticket:acme/api#2",), ("ticket:acme/api#1",))


def test_it_may_belong_to_several_releases():
    both = said("release", release="release:a@2"), said("release", release="release:a@1", belongs=True)
    assert corrected(both).releases == (("release:a@1", True), ("release:a@2", True))


def test_since_when_somebody_has_it_belong_to_a_release_is_kept_until_it_is_taken_out():
    first, again = said("release", release="release:a@1"), said("release", "16T11:00", release="release:a@1")
    out, back = (
        said("release", "16T12:00", release="release:a@1", belongs=False),
        said("release", "16T13:00", release="release:a@1"),
    )
    assert corrected([first, again]).joined == (("release:a@1", when("16T10:00")),)
    assert corrected([first, out]).joined == ()
    assert corrected([first, out, back]).joined == (("release:a@1", when("16T13:00")),)
