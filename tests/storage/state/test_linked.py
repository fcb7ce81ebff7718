"""For which others does a ticket wait, whatever was told of its links?"""

import pytest

from storage.records import KnownEvent
from storage.state.linked import waited_for
from tests.builders import at

NAME, NUMBER = "ticket:jira/SHOP#12", "issue:jira/12"


def told(kind, hour, object_name=NAME, /, **data):
    moment = at(f"2026-11-16T{hour:02}:00")
    return KnownEvent(f"{object_name}|{kind}|{hour}", object_name, kind, moment, moment, "jira", None, None, data)


def shown(hour, *links):
    return told("ticket.updated", hour, snapshot={"issue": NUMBER, "links": [list(link) for link in links]})


def linked(hour, link="7", on="issue:jira/14"):
    return told("issue.linked", hour, NUMBER, link=link, on=on)


def unlinked(hour, link="7"):
    return told("issue.unlinked", hour, NUMBER, link=link, on="issue:jira/14")


NAMED = told("issue.named", 1, "issue:jira/14", name="ticket:jira/PAY#14")


def waits(*events):
    own = [event for event in events if event.object == NAME]
    return waited_for(own, events)


def test_what_was_shown_last_counts_with_what_was_done_since():
    assert waits(shown(9, ("1", "ticket:jira/SHOP#2")))[0] == ("ticket:jira/SHOP#2",)
    assert waits(NAMED, shown(9), linked(10)) == (("ticket:jira/PAY#14",), (NUMBER, "issue:jira/14"))
    assert waits(NAMED, linked(8), shown(9)) == ((), (NUMBER,)), "what was shown afterwards knows better"
    assert waits(NAMED, shown(9), linked(10), unlinked(11))[0] == ()
    assert waits(NAMED, shown(9, ("7", "ticket:jira/PAY#14")), unlinked(10))[0] == ()


def test_a_link_to_an_issue_that_nobody_told_of_is_no_dependency_yet():
    assert waits(shown(9), linked(10)) == ((), (NUMBER, "issue:jira/14"))


def test_a_ticket_of_a_forge_follows_nothing():
    assert waits(told("ticket.updated", 9, snapshot={"title": "Any"})) == ((), ())


@pytest.mark.parametrize(
    "links", [None, 7, "x", ["x"], [["1"]], [["1", 2]], [[1, "ticket:a/b#1"]], [{"1": "2"}], [["1", "nothing"]]]
)
def test_links_of_another_shape_are_none(links):
    odd = told("ticket.updated", 9, snapshot={"issue": NUMBER, "links": links})
    assert waits(odd, told("issue.linked", 10, NUMBER, link=7, on=None)) == ((), (NUMBER,))
