"""Every way to ask after a handoff says the same of it, and what is offered there can be done."""

from datetime import timedelta

import pytest

from assistant.blockers.blocker import NextAction
from assistant.errors import UserError
from assistant.questions import handoffs
from storage.records import HandoffState
from tests.builders import NOON, branch_pushed, happened, snapshot_of, told
from tests.handing import CHANGE, MORNING, RELEASE, act, as_viewer, changed, company, desk_of, done, handed, withdrawn
from tests.ledgers import as_told

BOTH = '[products.both]\nrepositories = ["acme/api", "acme/secret"]\n'
HOUR = timedelta(hours=1)
SECRET, STORY, EPIC = "change:acme/secret#9", "ticket:acme/api#51", "ticket:acme/api#50"
LATER = "18T11:30"
STALE, DONE, LOOK = HandoffState.STALE, HandoffState.DONE, str(NextAction.LOOK_AGAIN)


def merged(name=CHANGE, at=LATER, **more):
    number = int(name.rpartition("#")[2])
    shown = {"number": number, "merged": True, "state": "closed", "merged_at": f"2026-11-{at}:00Z",
             "merge_sha": f"{number:040x}"} | more  # fmt: skip
    return happened(name, "change.merged", at, snapshot=snapshot_of(**shown))


def ticket(name, **more):
    shown = {"number": int(name.rpartition("#")[2]), "title": "It breaks", "open": True, "labels": [],
             "opened_at": "2026-11-16T09:00:00Z"} | more  # fmt: skip
    return happened(name, "ticket.created", "16T09:00", snapshot=shown)


def landed(sha="b", at=LATER, branch="main", repository="acme/api"):
    name = f"commit:{repository}@{sha * 40}"
    return happened(name, "commit.landed", at, f"{branch}{sha}", branch=branch, default=branch == "main")


def assigned(desk):
    act(desk, "correct_release", "fay", MORNING + 2.5 * HOUR, CHANGE, RELEASE, True, "It is in")


def another(desk):
    """Somebody asks for something else about the service, and the same is asked for anew and taken back."""
    for needed in ("Test the search", "Test the payments"):
        name = handed(desk, about="service:api", needed=needed, now=MORNING + 2.5 * HOUR)
        withdrawn(desk, name, now=MORNING + 2.75 * HOUR)


NO_MILESTONE = {"milestone": None}
# what it is about, the words that ask for its blockers, what is known before, what comes later, how it stands then
SCOPES = {
    "a release": (RELEASE, "checkout 2.4", [], [merged(milestone="2.4")], STALE),
    "its branch": (
        RELEASE, "checkout 2.4",
        [branch_pushed("16T09:00", "0" * 40, "b0", branch="branch:acme/api:release/2.4", created=True)],
        [landed(branch="release/2.4")], STALE,
    ),
    "put in by a person": (RELEASE, "checkout 2.4", [merged(at="18T10:30", **NO_MILESTONE)], [assigned], STALE),
    "hidden": ("release:both@2.4", "both 2.4", [], [merged(SECRET, milestone="2.4")], STALE),
    "another release": (RELEASE, "checkout 2.4", [], [merged(milestone="2.5")], DONE),
    "a change": (CHANGE, "acme/api#101", [], [told("18T11:30", head_sha="b2")], STALE),
    "a ticket": (STORY, "acme/api#51", [ticket(STORY)], [merged(closes=[STORY])], STALE),
    "an epic": (EPIC, "acme/api#50", [ticket(EPIC), ticket(STORY, part_of=[EPIC])], [merged(closes=[STORY])], STALE),
    "a service": ("service:api", "service api", [], [landed()], STALE),
    "a service without pushes": ("service:api", "service api", [], [merged(**NO_MILESTONE)], STALE),
    "a service handed over for more": ("service:api", "service api", [], [landed(), another], STALE),
    "a repository by itself": (
        "service:acme/web2", "service acme/web2", [landed("a", "18T08:00", repository="acme/web2")],
        [landed(repository="acme/web2")], STALE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("who", ["fay", "cho"])
def test_one_list_all_lists_and_blockers_say_the_same_of_it_and_it_can_be_signed_again(ledger, scope, who):
    about, words, before, after, state = SCOPES[scope]
    policy = company(BOTH).model_copy(deep=True)
    policy = policy.model_copy(update={"access": policy.access.model_copy(update={"people": {
        **policy.access.people, "cho": (*policy.access.people["cho"], "acme/web2")}})})  # fmt: skip
    desk, reader = desk_of(ledger, policy), as_viewer(who, policy)
    changed(ledger)
    for product in ("checkout", "both"):
        act(desk, "plan_release", "fay", MORNING - HOUR, product, "2.4", impact="none")
    tell(ledger, *before)
    name = done(desk, handed(desk, about=about, gating=True))
    assert said(desk, name, words, reader) == (DONE, DONE, None, None)
    for one in after:
        one(desk) if callable(one) else tell(ledger, one)
    stale = state is STALE
    listed = "stale" if stale else None
    assert said(desk, name, words, reader) == (state, state, listed, LOOK if stale else None)
    for press in ("acknowledge_handoff", "finish_handoff"):
        pressed = [] if press.startswith("ack") else ["build 9"]
        if stale:
            act(desk, press, "cho", NOON, name, *pressed)
        else:
            with pytest.raises(UserError, match="You said that it is done"):
                act(desk, press, "cho", NOON, name, *pressed)
    assert said(desk, name, words, reader) == (DONE, DONE, None, None)


def said(desk, name, words, reader):
    """How it stands by itself and among all, as what it is open in a list, and what its blocker asks for."""
    alone = desk.handoff(name, reader, NOON).state
    among = next(one.state for one in desk.handoffs(reader, NOON) if one.handoff.object == name)
    listed = desk.told(handoffs.NAME, words, reader, NOON).answer.handoffs
    blockers = desk.blocking(words, reader, NOON).answer.blockers
    return (
        alone, among, next((str(one.state) for one in listed if one.handoff.object == name), None),
        next((str(one.next_action) for one in blockers if one.object == name), None),
    )  # fmt: skip


def tell(ledger, *events):
    ledger.record([as_told(one) for one in events], NOON)
