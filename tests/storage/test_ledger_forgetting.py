"""Whoever is forgotten is gone from everything stored, and every count stays right."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from storage.facts import Needs
from storage.records import Delivery
from storage.sources.judging import judge
from tests.builders import (
    ANNA,
    BO,
    BRANCH,
    CHANGE,
    CHO,
    NOON,
    asked,
    branch_pushed,
    commented,
    commit_of,
    opened,
    reviewed,
    ticket_opened,
)
from tests.ledgers import as_told, delivered, event, events, payloads, states, stored

TOLD = (
    opened(title="Ask cho or @Cho about cho@example.com", asked=[CHO, ANNA], head="cho/button"),
    asked("16T09:05", CHO),
    reviewed("16T10:00", CHO, "changes_requested", "7", url="https://github.example/cho"),
    commented("16T11:00", ANNA),
    branch_pushed("16T09:30", "a0", "a1", commit_of("a1"), branch="branch:acme/api:cho/button"),
    ticket_opened(author=BO),
)


def fill(ledger, start=0):
    batch = [
        delivered(
            as_told(known), number=start + number, received=known.at,
            body=json.dumps({"sender": {"login": "Cho"}} if CHO in repr(known) else {"of": "others"}).encode(),
        )
        for number, known in enumerate(TOLD)
    ]  # fmt: skip
    ledger.append(batch)
    ledger.record(
        [event("release:checkout@2.4", "release.planned", actor="person/cho", product="checkout", version="2.4")], NOON
    )
    ledger.record([event("account:github/cho", "account.claimed", person="person/cho", code_hash="x")], NOON)


def forget_cho(ledger):
    return ledger.forget_person("person/cho", ["github/Cho"], ["cho@example.com"], ["Cho Lee"])


def test_a_forgotten_person_is_nowhere_in_what_is_stored(ledger):
    fill(ledger)
    ledger.append([delivered(event(key="named", by="Cho  Lee wrote", or_="by Cho Lee, surely"), number="named")])
    ledger.remember_seen("person/cho", "2.4", NOON, {"owner": "github/cho"})
    ledger.remember_person("cho@example.com", {"slack": "U7"}, NOON)
    forgotten = forget_cho(ledger)
    assert (forgotten.events, forgotten.kept) == (7, ())
    text = stored(ledger).replace(b"echo", b"")
    left = [line for line in text.split(b"\n") if b"cho" in line.lower().replace(b"cho  lee wrote", b"")]
    assert left == []
    assert b"anna" in text


def test_a_forgotten_person_is_not_left_in_the_file_either(sqlite_ledger):
    fill(sqlite_ledger)
    path = Path(sqlite_ledger._database.path)
    forget_cho(sqlite_ledger)
    raw = path.read_bytes() + Path(f"{path}-wal").read_bytes()
    assert b"github/cho" not in raw.lower()
    assert b"github/anna" in raw


def signed_by(*signers, of=CHO, sha="a1"):
    return commit_of(sha, signers=list(signers), address_of=of)


def addresses(ledger):
    return [one["signers"] for known in ledger.history(BRANCH) for one in known.data["commits"]]


@pytest.mark.parametrize(
    ("address", "of"),
    [("cho@elsewhere.example", None), ("7+cho@users.noreply.github.com", None), ("c.lee@example.com", CHO)],
)
def test_the_addresses_of_a_forgotten_account_go_with_it_wherever_they_stand(ledger, address, of):
    told = branch_pushed(
        "16T09:30", "a0", "a2", signed_by(address, "noreply@anthropic.com", of=of),
        signed_by("anna@example.com", address, of=ANNA, sha="a2"),
    )  # fmt: skip
    body = json.dumps({"email": address}).encode()
    ledger.append([delivered(as_told(told)), delivered(number=2, body=body)])
    ledger.forget_person(None, [CHO])
    assert address.encode() not in stored(ledger)
    (first, claude), (anna, co_author) = addresses(ledger)
    assert (claude, anna) == ("noreply@anthropic.com", "anna@example.com")
    assert first == co_author
    assert "forgotten-" in first


def test_an_address_that_a_forgotten_account_takes_later_is_not_kept(ledger):
    fill(ledger)
    forget_cho(ledger)
    ledger.append([delivered(as_told(branch_pushed("17T09:30", "a1", "a2", signed_by("new@example.com"))), number=9)])
    assert b"new@example.com" not in stored(ledger)


def test_whoever_merely_pushes_a_commit_is_not_whose_address_it_has(ledger):
    told = branch_pushed("16T09:30", "a0", "a1", signed_by("anna@example.com", of=ANNA))
    ledger.append([delivered(replace(as_told(told), actor=CHO))])
    ledger.forget_person(None, [CHO])
    assert addresses(ledger) == [["anna@example.com"]]


@pytest.mark.parametrize("person", ["person/cho", "slack/U7"])
def test_the_accounts_that_a_person_proved_theirs_are_forgotten_with_them(ledger, person):
    ledger.append([delivered(as_told(reviewed("16T10:00", "github/cholee", "approved", "7")))])
    for kind in ("claimed", "proved"):
        ledger.record([event("account:github/cholee", f"account.{kind}", person=person, code_hash="x")], NOON)
    ledger.record([event("account:github/anna", "account.claimed", person=person, code_hash="never proved")], NOON)
    ledger.forget_person(*((person, []) if person.startswith("person/") else (None, [person])))
    text = stored(ledger)
    assert b"cholee" not in text
    assert person.encode() not in text
    assert b"github/anna" in text


def test_the_counts_stay_right_when_a_person_is_forgotten(ledger):
    fill(ledger)
    before = ledger.get([CHANGE])[CHANGE]
    figures = ledger.figures()
    forget_cho(ledger)
    after = ledger.get([CHANGE])[CHANGE]
    assert (len(after.reviews), len(after.asked)) == (len(before.reviews), len(before.asked))
    assert after.first_response_at == before.first_response_at
    assert after.reviews[0].reviewer.startswith("github/forgotten-")
    assert after.attribution.commits_seen == before.attribution.commits_seen == 1
    now = ledger.figures()
    assert (now.events, now.objects, now.deliveries) == (figures.events, figures.objects, figures.deliveries)


def test_the_pseudonym_is_the_same_everywhere(ledger):
    fill(ledger)
    forget_cho(ledger)
    change = ledger.get([CHANGE])[CHANGE]
    pseudonym = change.reviews[0].reviewer.partition("/")[2]
    assert change.head == f"{pseudonym}/button"
    assert change.title.startswith(f"Ask {pseudonym} or @{pseudonym} about forgotten-")


def test_raw_bodies_that_speak_of_the_person_are_dropped_and_others_kept(ledger):
    fill(ledger)
    forgotten = forget_cho(ledger)
    assert forgotten.deliveries == 3
    assert {delivery.body for delivery in ledger.export()} == {b'{"of": "others"}'}


def test_what_comes_later_of_a_forgotten_person_stays_forgotten_and_counts_once(ledger):
    fill(ledger)
    forget_cho(ledger)
    before = events(ledger), states(ledger)
    fill(ledger, start=100)  # the same events by a second hook, whose bodies are new
    assert (events(ledger), states(ledger)) == before
    assert all(b"Cho" not in delivery.body for delivery in ledger.export())


def test_forgetting_one_leaves_others_whose_name_begins_alike(ledger):
    ledger.append(
        [delivered(as_told(reviewed("16T10:00", "github/cho-2")), as_told(reviewed("16T10:01", "github/echo")))]
    )
    assert forget_cho(ledger).events == 0
    assert {known.data["reviewer"] for known in ledger.history(CHANGE)} == {"github/cho-2", "github/echo"}


def test_forgetting_twice_changes_nothing_more(ledger):
    fill(ledger)
    forget_cho(ledger)
    before = events(ledger), states(ledger)
    forget_cho(ledger)
    assert (events(ledger), states(ledger)) == before


def test_a_login_that_is_also_a_branch_is_replaced_only_where_it_marks_an_account(ledger):
    ledger.append([delivered(as_told(opened(base="main", author="github/main", author_type="User")))])
    forgotten = ledger.forget_person(None, ["github/main"])
    assert len(forgotten.kept) == 1
    change = ledger.get([CHANGE])[CHANGE]
    assert change.base == "main"
    assert change.author.startswith("github/forgotten-")


def test_a_rebuild_after_forgetting_brings_nobody_back(ledger):
    fill(ledger)
    forget_cho(ledger)
    before = states(ledger)
    ledger.rebuild()
    assert states(ledger) == before


@pytest.mark.parametrize("login", ["anna-acme", "cleo-acme"])
def test_real_shaped_deliveries_forget_their_people(sqlite_ledger, login):
    sqlite_ledger.append(payloads())
    before = sqlite_ledger.figures()
    sqlite_ledger.forget_person(None, [f"github/{login}"])
    assert login.encode() not in stored(sqlite_ledger)
    assert sqlite_ledger.figures().objects == before.objects


def test_a_forgotten_repository_is_nowhere_in_what_is_stored(ledger):
    fill(ledger)
    other = judge(Delivery("github", "other", {"X-GitHub-Event": "ping"}, b'{"zen": "see acme/api"}', NOON))
    waiver = event(
        "release:checkout@2.4", "risk.accepted", key=CHANGE, actor=ANNA, blocker=CHANGE, kind="review_pending", why="known"
    )  # fmt: skip
    ledger.append(
        [other, delivered(event("change:acme/api-2#1", "change.commented", repository="acme/api-2"), number="kept")]
    )
    ledger.record([waiver], NOON)
    forgotten = ledger.forget_repository("Acme/API")
    assert forgotten.objects == 3
    assert forgotten.events == len(TOLD)
    text = stored(ledger)
    assert text.count(b"acme/api") == text.count(b"acme/api-2") > 0
    assert ledger.repositories() == ("acme/api-2",)
    assert ledger.load(Needs(open_in=("acme/api",)), NOON).changes == ()
    assert BRANCH.encode() not in text


def test_forgetting_a_repository_folds_again_what_followed_it(ledger):
    fork = "branch:bo/api:topic"
    told = [opened(head_repository="bo/api"), branch_pushed("16T09:30", "a0", "a1", commit_of("a1"), branch=fork)]
    ledger.append([delivered(as_told(known), number=number) for number, known in enumerate(told)])
    assert ledger.get([CHANGE])[CHANGE].attribution.commits_seen == 1
    ledger.forget_repository("bo/api")
    assert ledger.get([CHANGE])[CHANGE].attribution.commits_seen == 0


def test_forgetting_what_nobody_knows_touches_nothing(ledger):
    fill(ledger)
    before = events(ledger), states(ledger)
    assert ledger.forget_repository("acme/none").events == 0
    assert ledger.forget_person("person/none", ["github/none-such"]).events == 0
    assert (events(ledger), states(ledger)) == before
