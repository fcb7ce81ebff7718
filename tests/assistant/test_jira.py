"""Are Jira's tickets found by the names that people give them, and shown by those?"""

from datetime import timedelta

import pytest

from assistant.blockers.blocker import BlockerKind, NextAction
from assistant.blockers.tickets import of_tickets
from assistant.desk import Desk
from assistant.matching import Book, Known
from assistant.membership import members_of
from assistant.people import people_of
from assistant.policy.loading import PolicyError
from assistant.questions.blocking import blocker_data
from assistant.scopes import change_subject
from assistant.silence import connecting
from assistant.subject import Candidates, SubjectKind
from assistant.subjects import lookups, resolve
from assistant.viewer import Viewer
from commands.terminal.meant import Meant
from storage.ledger import open_ledger
from storage.naming import called, is_tracker, jira_ticket, ticket_meant
from storage.records import Corrections
from storage.state.rules import FoldRules
from tests.builders import COMPANY, NOON, at, change_of, facts_of, policy_of, situation, ticket_of
from tests.jira import TICKET, other, sent, tell

SHOP = "jira/SHOP"
POLICY = policy_of(
    COMPANY.replace('repositories = ["acme/api", "acme/web"]', f'repositories = ["acme/api", "{SHOP}"]', 1)
)
ALL = Viewer("person/anna", "Anna")
NOW = at("2026-11-17T14:00")
MEMBER = {"hints": {TICKET: ("milestone:2.4",)}}


def jira_of(number=12, **more):
    return ticket_of(number, SHOP, url=f"https://acme.tracker.example/browse/SHOP-{number}", **more)


@pytest.fixture
def desk(sqlite_ledger_url):
    with open_ledger(sqlite_ledger_url, FoldRules()) as ledger:
        yield Desk(ledger, POLICY, lambda: NOW)


@pytest.fixture
def sqlite_ledger_url(tmp_path):
    return f"sqlite:///{tmp_path}/jira.db"


@pytest.mark.parametrize(
    "words",
    ["SHOP-12", "shop-12", " SHOP-012 ", "https://acme.atlassian.net/browse/SHOP-12", "ticket:jira/SHOP#12",
     "https://jira.acme.example/jira/browse/shop-12?focusedCommentId=7#x"],
)  # fmt: skip
def test_a_ticket_is_meant_by_its_key_or_its_address(words):
    meant = ticket_meant(words)
    assert meant == (TICKET if not words.startswith("ticket:") else None)
    assert called(TICKET) == "SHOP-12"


@pytest.mark.parametrize(
    "words", ["", "SHOP", "2.4", "acme/api#12", "-12", "A-1", "https://x/SHOP-12", "SHOP-1-2", "12-SHOP", "x" * 5000]
)
def test_nothing_else_is_the_key_of_a_ticket(words):
    assert ticket_meant(words) is None


def test_a_project_is_no_code():
    assert is_tracker("Jira/SHOP")
    assert not is_tracker("acme/jira")
    assert jira_ticket("SHOP-99999999999999999999") is None


@pytest.mark.parametrize("text", ["SHOP-12", "shop-12", "ticket SHOP-12", "<https://a.example/browse/SHOP-12|SHOP-12>"])
def test_a_question_may_be_about_a_ticket_by_its_key(text):
    assert lookups(text, POLICY, ALL).objects == (TICKET,)
    subject = resolve(text, Known(changes=(TICKET,)), POLICY, ALL)
    assert (subject.kind, subject.object, subject.name) == (SubjectKind.CHANGE, TICKET, "SHOP-12")
    assert subject.repositories == (SHOP,)
    assert resolve(subject.words, Known(changes=(TICKET,)), POLICY, ALL) == subject


def test_a_ticket_that_nobody_told_of_or_that_may_not_be_seen_is_unknown():
    assert isinstance(resolve("SHOP-12", Known(), POLICY, ALL), Candidates)
    elsewhere = Viewer("person/x", "X", sees=frozenset({"acme/*"}))
    assert isinstance(resolve("SHOP-12", Known(changes=(TICKET,)), POLICY, elsewhere), Candidates)


def test_a_project_is_no_service_that_is_deployed():
    book = Book(Known(repositories=("acme/other", SHOP)), POLICY, ALL)
    assert "acme/other" in {one.name for one in book.services}
    assert SHOP not in {one.name for one in book.services}


def test_the_terminal_understands_a_key_and_an_address_too():
    meant = Meant(POLICY, ALL, NOON)
    assert meant.subject("shop-12") == TICKET
    assert meant.subject("https://acme.atlassian.net/browse/SHOP-12") == TICKET


def test_a_blocker_is_called_by_its_key_and_its_owner_as_jira_calls_them():
    bug = jira_of(priority="Blocker", assignees=("jira/557058:1",), names=("Cy Ng",))
    (found,) = of_tickets(situation(bug, policy=POLICY, **MEMBER))
    assert (found.kind, found.subject, found.owner) == (BlockerKind.BLOCKER_BUG, "SHOP-12", "Cy Ng")
    assert found.called == "SHOP-12 Ticket 12"
    policy = policy_of(COMPANY.replace('slack = "U1"', 'slack = "U1"\njira = ["557058:1"]').replace(
        'repositories = ["acme/api", "acme/web"]', f'repositories = ["acme/api", "{SHOP}"]', 1))  # fmt: skip
    (found,) = of_tickets(situation(bug, policy=policy, **MEMBER))
    assert found.owner == "Anna Berg"


def test_what_jira_calls_where_a_ticket_stands_is_said():
    (found,) = of_tickets(situation(jira_of(status="Ready for QA"), policy=POLICY, **MEMBER))
    assert (found.kind, found.detail) == (BlockerKind.IN_PROGRESS, "Jira: Ready for QA")
    assert blocker_data(found)["detail"] == "Jira: Ready for QA"
    waiting = jira_of(depends_on=("ticket:jira/SHOP#13",), status="To Do")
    said = [one.detail for one in of_tickets(situation(waiting, jira_of(13), policy=POLICY, **MEMBER))]
    assert "waits for SHOP-13; Jira: To Do" in said


def test_a_ticket_that_waits_for_another_is_the_others_move():
    waiting = jira_of(depends_on=("ticket:jira/SHOP#13", "ticket:jira/SHOP#14"))
    first, done = jira_of(13, assignees=("github/bo",)), jira_of(14, open=False, closed_at=NOON)
    (found,) = of_tickets(situation(waiting, first, done, policy=POLICY, **MEMBER))
    assert (found.kind, found.detail, found.after) == (
        BlockerKind.DEPENDENCY, "waits for SHOP-13", ("ticket:jira/SHOP#13",),
    )  # fmt: skip
    assert found.next_action is NextAction.LAND_DEPENDENCY
    assert [owner.key for owner in found.owners] == ["person/bo"]
    cut = jira_of(depends_on=("ticket:jira/SHOP#13",), corrections=Corrections(not_linked=("ticket:jira/SHOP#13",)))
    assert [one.kind for one in of_tickets(situation(cut, first, policy=POLICY, **MEMBER))] == [BlockerKind.IN_PROGRESS]


def test_an_epic_consists_of_its_stories_and_their_tasks():
    epic, story, task, loose = (
        jira_of(1), jira_of(2, part_of=("ticket:jira/SHOP#1",)), jira_of(3, part_of=("ticket:jira/SHOP#2",)), jira_of(4),
    )  # fmt: skip
    closer = change_of(7, closes=("ticket:jira/SHOP#3",))
    subject = change_subject(POLICY, "ticket:jira/SHOP#1")
    found = members_of(subject, facts_of(epic, story, task, loose, closer), POLICY, ALL)
    assert [one.number for one in (*found.changes, *found.tickets)] == [7, 1, 2, 3]


def test_several_versions_of_jira_are_no_contradiction_and_a_label_beside_them_is():
    claims = {"hints": {TICKET: ("milestone:2.4", "milestone:2.4.1")}}
    subject = situation(policy=POLICY).subject
    both = jira_of(versions=("2.4", "2.4.1"))
    assert members_of(subject, facts_of(both, **claims), POLICY, ALL).conflicts == ()
    labelled = {"hints": {TICKET: ("milestone:2.4", "label:2.5")}}
    assert members_of(subject, facts_of(both, **labelled), POLICY, ALL).conflicts == (
        "SHOP-12 is claimed by 2.4 (milestone) and 2.5 (label).",
    )


def test_two_people_can_not_have_one_account_of_jira():
    with pytest.raises(PolicyError, match="jira"):
        policy_of('[people.a]\njira = ["X:1"]\n[people.b]\njira = ["x:1"]')
    people = people_of(policy_of('[people.a]\njira = ["X:1"]'))
    assert people.person("jira/x:1") == "person/a"


def test_what_was_never_heard_of_is_connected_where_it_comes_from():
    assert "Jira" in connecting(SHOP)
    assert "backfill github acme/api" in connecting("acme/api")


def test_a_release_asked_about_lists_what_jira_says_is_for_it(desk):
    def version(told):
        told["issue"]["fields"]["fixVersions"] = [{"id": "10100", "name": "2.4", "releaseDate": "2026-11-30"}]

    tell(desk.ledger, sent("issue__updated_labels", version))
    tell(desk.ledger, sent("issue__created", other("SHOP-11", "10011")))
    reply = desk.ask("what's blocking release 2.4", ALL, NOW)
    data = reply.answer.as_data()
    (bug,) = data["blockers"]
    assert (bug["kind"], bug["subject"], bug["owner"]) == ("blocker_bug", "SHOP-12", "Anna Berg")
    assert bug["url"] == "https://acme.tracker.example/browse/SHOP-12"
    assert data["target"].startswith("2026-11-30"), "the day of the version"
    shown = desk.ask("what's blocking SHOP-12", ALL, NOW)
    assert "SHOP-12" in shown.message.text
    assert "jira/SHOP#12" not in str(shown.message.blocks).replace(TICKET, "")


def test_people_correct_and_estimate_a_ticket_by_its_key(desk):
    from assistant.acts import correct_owner

    tell(desk.ledger, "issue__created")
    wish = correct_owner.Wish(subject="SHOP-12", owner="bo", why="He has it")
    done = desk.act("correct_owner", wish, ALL, NOW + timedelta(minutes=1))
    assert "SHOP-12" in done.text
    assert desk.ledger.get([TICKET])[TICKET].corrections.owner == "person/bo"
