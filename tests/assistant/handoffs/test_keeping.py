"""Is somebody, or a repository, gone from handoffs and rounds once forgotten, and do those move to another ledger whole?"""

import io
from datetime import timedelta

import pytest

from assistant.desk import Desk
from storage.ledger import open_ledger
from storage.records import HandoffState
from storage.sources.exporting import export_lines
from storage.sources.importing import import_files
from storage.state.rules import FoldRules
from tests.handing import (
    CHANGE,
    NOON,
    RELEASE,
    acknowledged,
    act,
    changed,
    company,
    done,
    handed,
    planned,
    reassigned,
    resent,
    returned,
    withdrawn,
)
from tests.ledgers import stored

CHO = ("person/cho", ["github/cho", "slack/U3"], ["cho@acme.example"], ["Cho Min"])
ROUND = "round:00000000000000aa"


def busy(ledger):
    """A day of handoffs in which Cho has a hand in everything."""
    planned(ledger, owner="cho")
    first = handed(ledger, receiver="cho", needed="Ask Cho Min or <@U3> about the payments")
    acknowledged(ledger, first)
    done(ledger, first, "the build of cho", risk="as Cho Min says")
    second = handed(ledger, "qa", by="cho", receiver="bo", links=("https://github.example/cho/x",))
    returned(ledger, second, "cho has to look", by="bo")
    resent(ledger, second, by="cho")
    reassigned(ledger, second, receiver="cho", why="for @cho")
    act(ledger, "snooze_handoff", "cho", NOON + timedelta(hours=1), second, "tomorrow")
    act(ledger, "open_round", "cho", NOON, ROUND, RELEASE, ("engineering", "qa"))
    act(
        ledger, "answer_round", "cho", NOON, ROUND, "qa", "not_ready",
        not_ready="says Cho Min", waits_for="a build", whom="cho",
    )  # fmt: skip
    return first, second


def test_a_forgotten_person_is_nowhere_in_what_was_handed_over_and_it_stands_as_it_stood(ledger):
    names = busy(ledger)
    before = ledger.get([*names, ROUND])
    ledger.forget_person(*CHO)
    left = stored(ledger).replace(b"echo", b"").lower()
    assert b"cho" not in left
    assert b"u3" not in left.replace(b"<@u3>", b"")
    after = ledger.get([*names, ROUND])
    for name in names:
        was, is_now = before[name], after[name]
        assert (was.state, was.due_at, was.opened_at) == (is_now.state, is_now.due_at, is_now.opened_at)
        assert [step.kind for step in was.steps] == [step.kind for step in is_now.steps]
        assert is_now.receiver.startswith("person/forgotten-")
    assert after[names[0]].signed.by == after[names[0]].receiver == after[names[1]].sender
    assert [answer.readiness for answer in after[ROUND].answers] == [one.readiness for one in before[ROUND].answers]


def test_a_forgotten_person_stays_so_in_what_is_handed_over_later(sqlite_ledger):
    busy(sqlite_ledger)
    sqlite_ledger.forget_person(*CHO)
    name = handed(sqlite_ledger, receiver="cho", now=NOON, needed="Ask @cho")
    assert sqlite_ledger.get([name])[name].receiver.startswith("person/forgotten-")
    assert "cho" not in sqlite_ledger.get([name])[name].needed


def test_what_was_handed_over_about_a_forgotten_repository_is_gone_and_its_name_from_the_rest(ledger):
    changed(ledger)
    gone = acknowledged(ledger, handed(ledger, about=CHANGE))
    kept = handed(ledger, needed="As acme/api#101 says", links=("https://github.example/acme/api/pull/101",))
    service = handed(ledger, about="service:acme/web", needed="Like ACME/API")
    onward = handed(ledger, previous=gone)
    ledger.forget_repository("acme/api")
    left = ledger.get([gone, kept, service, onward])
    assert set(left) == {kept, service, onward}
    assert b"acme/api" not in stored(ledger).lower()
    assert left[kept].needed.startswith("As forgotten/")
    assert left[onward].previous == gone
    assert [one.object for one in ledger.handoffs(NOON)] == sorted([kept, service, onward])


def test_handoffs_and_rounds_move_to_another_ledger_whole(ledger, tmp_path):
    changed(ledger)
    names = [*busy(ledger), withdrawn(ledger, handed(ledger, about=CHANGE)), ROUND, RELEASE]
    out = io.BytesIO()
    export_lines(ledger, out)
    file = tmp_path / "lines.ndjson"
    file.write_bytes(out.getvalue())
    with open_ledger(f"sqlite:///{tmp_path / 'other.db'}", FoldRules()) as other:
        totals = import_files([file], other)
        assert totals.malformed == 0
        assert other.get(names) == ledger.get(names)
        assert import_files([file], other).new == 0
        assert other.get(names) == ledger.get(names)


def test_what_was_known_at_a_moment_is_how_it_stood_then(ledger):
    first, _ = busy(ledger)
    with ledger.as_of(NOON - timedelta(minutes=90)) as then:
        assert then.get([first])[first].state is HandoffState.ACKNOWLEDGED
    assert ledger.get([first])[first].state is HandoffState.DONE_WITH_RISK


@pytest.mark.parametrize("counted", [lambda _: True, None])
def test_folded_anew_they_stand_as_they_did(ledger, counted):
    names = [*busy(ledger), ROUND]
    before = ledger.get(names)
    ledger.rebuild(counted=counted)
    assert ledger.get(names) == before


def test_only_those_about_repositories_that_may_be_seen_are_handed_out(ledger):
    changed(ledger)
    about_change, about_release = handed(ledger, about=CHANGE), handed(ledger)
    desk = Desk(ledger, company(), lambda: NOON)
    assert {one.object for one in desk.ledger.handoffs(NOON)} == {about_change, about_release}
    assert {one.object for one in desk.ledger.handoffs(NOON, frozenset({"acme/web"}))} == {about_release}
