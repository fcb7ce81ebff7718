"""What is a ticket, after all that happened to it?"""

from storage.records import Hint, TurnKind
from storage.state.fold import fold
from storage.state.rules import FoldRules
from tests.builders import ANNA, BO, TICKET, happened, ticket_opened, when


def folded(*events):
    return fold(TICKET, events, FoldRules())


def did(verb, time, **data):
    return happened(TICKET, f"ticket.{verb}", time, **data)


def turns(*events):
    return [(turn.began_at, turn.ended_at) for turn in folded(*events).turns]


def test_an_open_ticket_is_its_assignees_move_since_it_was_opened():
    move = folded(ticket_opened(assignees=[ANNA, "github/triage[bot]"])).record.move
    assert (move.kind, move.began_at, move.movers) == (TurnKind.OPEN, when("16T09:00"), (ANNA,))


def test_the_attributes_are_those_of_the_snapshot():
    ticket = folded(ticket_opened(labels=["bug"], milestone="2.4", root_causes=["commit:acme/api@a1"])).record
    assert (ticket.object, ticket.repository, ticket.number, ticket.title) == (TICKET, "acme/api", 55, "It breaks")
    assert (ticket.author, ticket.open, ticket.labels, ticket.milestone) == (BO, True, ("bug",), "2.4")
    assert ticket.root_causes == ("commit:acme/api@a1",)


def test_a_closed_ticket_has_an_end_and_its_reason():
    amount = folded(ticket_opened(), did("closed", "17T09:00", snapshot={"open": False, "closed_reason": "completed"}))
    assert (amount.record.open, amount.record.closed_at, amount.record.closed_reason) == (
        False,
        when("17T09:00"),
        "completed",
    )
    assert amount.record.move is None
    assert turns(ticket_opened(), did("closed", "17T09:00")) == [(when("16T09:00"), when("17T09:00"))]


def test_a_reopened_ticket_starts_again():
    story = ticket_opened(), did("closed", "17T09:00"), did("reopened", "18T09:00")
    assert turns(*story) == [(when("16T09:00"), when("17T09:00")), (when("18T09:00"), None)]
    ticket = folded(*story).record
    assert (ticket.open, ticket.closed_at, ticket.reopened_at) == (True, None, when("18T09:00"))


def test_closing_and_reopening_are_noticed_by_snapshots_alone():
    closed = did("updated", "18T09:00", snapshot={"open": False, "closed_at": "2026-11-17T09:00:00Z"})
    assert folded(ticket_opened(), closed).record.closed_at == when("17T09:00")
    assert folded(
        ticket_opened(), closed, did("edited", "19T09:00", snapshot={"open": True})
    ).record.reopened_at == when("19T09:00")


def test_what_was_shown_in_the_second_of_closing_does_not_open_it_again():
    assert not folded(
        ticket_opened(), did("closed", "17T09:00"), did("updated", "17T09:00", snapshot={"open": True})
    ).record.open


def test_a_deleted_or_transferred_ticket_is_closed_for_that():
    assert folded(ticket_opened(), did("deleted", "17T09:00")).record.closed_reason == "deleted"
    gone = folded(ticket_opened(), did("transferred", "17T09:00", to="ticket:acme/web#3")).record
    assert (gone.open, gone.closed_reason) == (False, "transferred")


def test_what_members_say_in_comments_adds_causes_and_dependencies():
    said = did(
        "commented", "17T09:00", author=ANNA, root_causes=["commit:acme/api@c1"], depends_on=["ticket:acme/api#1"]
    )
    ticket = folded(ticket_opened(root_causes=["commit:acme/api@a1"]), said).record
    assert ticket.root_causes == ("commit:acme/api@a1", "commit:acme/api@c1")
    assert ticket.depends_on == ("ticket:acme/api#1",)
    assert ticket.last_event_at == when("17T09:00")


def test_a_ticket_hints_at_its_releases_and_keeps_what_people_said():
    said = happened(TICKET, "corrected.link", "17T09:00", not_linked="change:acme/api#101")
    amount = folded(ticket_opened(milestone="2.4", labels=["release:2.5"]), said)
    assert amount.hints == (Hint("milestone", "2.4", "2.4"), Hint("label", "2.5", "2.5"))
    assert amount.record.corrections.not_linked == ("change:acme/api#101",)


def test_a_ticket_first_heard_of_by_a_comment_has_no_record():
    assert folded(did("commented", "17T09:00", author=ANNA)).record is None
