"""Which company do the tests of handoffs and rounds know, and how does something get handed over in it?

Anna writes the software, Bo leads QA where Cho is on duty, Dee designs, Eve leads customer success, Fay is the product's
manager and owns the release; Gus is a guest. Nobody is known who acts for reliability. What is done here goes through
the desk and its acts, as it does from Slack; a ledger gets a desk of its own.
"""

from datetime import timedelta
from itertools import count

from assistant.desk import Desk
from assistant.viewer import viewer_for
from storage.records import Handoff, HandoffState, Signed, Step
from tests.builders import NOON, change_of, happened, known, opened, policy_of, snapshot_of
from tests.ledgers import as_told

POLICY = """
[workspace]
name = "Acme"
zone = "UTC"
team_id = "T1"
[people.anna]
name = "Anna Berg"
github = ["anna"]
email = "anna@acme.example"
slack = "U1"
[people.bo]
name = "Bo Cole"
github = ["bo"]
slack = "U2"
[people.cho]
name = "Cho Min"
github = ["cho"]
slack = "U3"
[people.dee]
name = "Dee Marsh"
slack = "U4"
[people.eve]
name = "Eve Odell"
slack = "U5"
zone = "America/New_York"
[people.fay]
name = "Fay Lund"
slack = "U6"
[people.gus]
name = "Gus Hart"
slack = "U7"
guest = true
[products.checkout]
name = "Checkout"
repositories = ["acme/api", "acme/web"]
channels = ["C1"]
[products.vault]
repositories = ["acme/secret"]
[teams.core]
members = ["anna"]
lead = "anna"
repositories = ["acme/api", "acme/web"]
channels = ["C1"]
[services.api]
repository = "acme/api"
owner = "anna"
[services.web]
repository = "acme/web"
[services.safe]
repository = "acme/secret"
[access.people]
dee = ["acme/web", "acme/api"]
anna = ["acme/*"]
cho = ["acme/web", "acme/api"]
[functions.engineering]
members = ["anna"]
lead = "anna"
[functions.product]
lead = "fay"
[functions.qa]
members = ["bo", "cho"]
lead = "bo"
on_duty = ["cho"]
channel = "C2"
teams = ["acme/testers"]
[functions.design]
members = ["dee"]
channel = "C3"
[functions.customer_success]
members = ["eve"]
lead = "eve"
"""
RELEASE = "release:checkout@2.4"
CHANGE = "change:acme/api#101"
MORNING = NOON - timedelta(hours=3)  # nine o'clock of a Wednesday
_numbers = count(1)


def company(more=""):
    """The policy of this company, with more of it where a test wants some."""
    return policy_of(POLICY + more)


def desk_of(ledger, policy=None, now=NOON):
    """A desk over a ledger."""
    return Desk(ledger, policy or company(), lambda: now)


def as_viewer(who, policy=None, zone="UTC"):
    """Somebody of the company, by key: ``anna`` or ``slack/U9``."""
    policy, key = policy or company(), who if "/" in who else f"person/{who}"
    entry = policy.people.get(key.partition("/")[2]) if key.startswith("person/") else None
    return viewer_for(policy, key, (entry.name if entry else None) or who, zone)


def act(where, name, by, now, /, *values, **wish):
    """Do an act through the desk (a ledger gets one): what the desk says of it."""
    from assistant.acts import ACTS

    desk = where if isinstance(where, Desk) else desk_of(where)
    return desk.act(name, ACTS[name].Wish(*values, **wish), as_viewer(by, desk.policy), now)


def handed(  # handed(ledger), handed(desk, "customer_success", by="bo", from_function="qa", due_at=...)
    where, to="qa", about=RELEASE, needed=None, *, by="anna", now=MORNING, from_function="engineering",
    handoff=None, **more,
):  # fmt: skip
    """Hand something over; its object. What is needed is not said twice of the same thing."""
    name = handoff or f"handoff:{next(_numbers):016x}"
    ledger = where.ledger if isinstance(where, Desk) else where
    same = [one for one in ledger.handoffs(now, None) if one.about == about]
    needed = needed or f"Test the payments{f' {len(same) + 1}' if same else ''}"
    act(where, "hand_off", by, now, name, from_function, to, about, needed, **more)
    return name


def acknowledged(where, handoff, *, by="cho", now=MORNING + timedelta(hours=1), **more):
    """Acknowledge it; its object."""
    act(where, "acknowledge_handoff", by, now, handoff, **more)
    return handoff


def done(where, handoff, looked_at="build 812", *, by="cho", now=MORNING + timedelta(hours=2), **more):
    """Say that it is done (``risk="..."``: with a risk); its object."""
    act(where, "finish_handoff", by, now, handoff, looked_at, **more)
    return handoff


def returned(where, handoff, why="It does not start", *, by="cho", now=MORNING + timedelta(hours=2), **more):
    """Return it; its object."""
    act(where, "return_handoff", by, now, handoff, why, **more)
    return handoff


def resent(where, handoff, why="It starts now", *, by="anna", now=MORNING + timedelta(hours=3), **more):
    """Send it again; its object."""
    act(where, "resend_handoff", by, now, handoff, why, **more)
    return handoff


def withdrawn(where, handoff, why="Not needed", *, by="anna", now=MORNING + timedelta(hours=3), **more):
    """Take it back; its object."""
    act(where, "withdraw_handoff", by, now, handoff, why, **more)
    return handoff


def reassigned(where, handoff, *, by="bo", now=MORNING + timedelta(hours=1), **more):
    """Give it to somebody else (``to_function="design"``, ``receiver="bo"``); its object."""
    act(where, "reassign_handoff", by, now, handoff, **more)
    return handoff


def planned(where, version="2.4", *, by="fay", now=MORNING - timedelta(days=1), **more):
    """Plan a release of checkout, owned by Fay; its object."""
    act(where, "plan_release", by, now, "checkout", version, **more)
    return f"release:checkout@{version}"


def changed(ledger, **shown):
    """Let the ledger know change acme/api#101, as its source shows it; its object."""
    ledger.record([as_told(opened(**shown))], MORNING)
    return CHANGE


def moved(ledger, sha="b2", at="18T13:00"):
    """Push to that change: its head is another commit now."""
    shown = happened(CHANGE, "change.pushed", at, sha, sha=sha, snapshot=snapshot_of(head_sha=sha))
    ledger.record([as_told(shown)], shown.at)


# Records, for what is pure


def handoff_of(name="handoff:1", **more):
    """A handoff as the ledger holds it: Anna's, from engineering to QA, about checkout 2.4, open since nine o'clock."""
    filled = {
        "from_function": "engineering",
        "to_function": "qa",
        "sender": "person/anna",
        "about": RELEASE,
        "needed": "Test the payments",
        "opened_at": MORNING,
        "last_at": MORNING,
        "state": HandoffState.OPEN,
        "state_at": MORNING,
        "due_at": MORNING + timedelta(days=2),
        "checklist": ("What needs testing", "Risky areas"),
        "steps": (Step("handoff.opened", "person/anna", MORNING, "slack", "Test the payments", "qa"),),
    }
    return Handoff(name, **(filled | more))


def done_of(name="handoff:1", at=MORNING + timedelta(hours=2), **more):
    """The same, done by Cho, who looked at build 812."""
    signed = Signed(
        "build 812", "person/cho", at, more.pop("as_of", at), risk=more.get("risk"), head=more.pop("head", None)
    )
    state = HandoffState.DONE_WITH_RISK if more.pop("risk", None) else HandoffState.DONE
    steps = (*handoff_of().steps, Step("handoff.done", "person/cho", at, "slack", "build 812"))
    filled = {"state": state, "state_at": at, "last_at": at, "signed": signed, "steps": steps}
    return handoff_of(name, **(filled | more))


class Hands:
    """Acts on handoffs decided and folded in memory, as the desk and the ledger do it."""

    def __init__(self, *records, policy=None):
        self.policy, self.given, self.events = policy or company(), {one.object: one for one in records}, []

    def records(self):
        """All that is known."""
        from storage.state.fold import fold
        from storage.state.rules import FoldRules

        folded = {name: fold(name, self.events, FoldRules()).record for name in {e.object for e in self.events}}
        return self.given | {name: record for name, record in folded.items() if record}

    def act(self, name, by, now, /, *values, zone="UTC", **wish):
        """What the act says: its events, kept, or its refusal."""
        from dataclasses import replace

        from assistant.acts import ACTS
        from assistant.acts.handing import OfHandoff

        act, wished, records = ACTS[name], ACTS[name].Wish(*values, **wish), self.records()
        found = records.get(wished.handoff) if isinstance(wished, OfHandoff) else None
        if isinstance(found, Handoff) and not wished.about:
            wished = replace(wished, about=found.about)
        loaded = {name: one for name, one in records.items() if name in act.objects(wished)}
        outcome = act.decide(loaded, wished, as_viewer(by, self.policy, zone), self.policy, now)
        if isinstance(outcome, tuple):
            self.events += [known(event) for event in outcome]
        return outcome

    def refusal(self, name, by, now, /, *values, **wish):
        """Why the act refused; it must have."""
        outcome = self.act(name, by, now, *values, **wish)
        assert not isinstance(outcome, tuple), outcome
        return outcome.reason

    def handoff(self, name="handoff:1"):
        """How it stands."""
        return self.records()[name]

    @classmethod
    def with_one(cls, *records, policy=None, **wish):
        """With one handoff of Anna's to QA about checkout 2.4, ``handoff:1``."""
        hands = cls(change_of(), *records, policy=policy)
        filled = {"from_function": "engineering", "to_function": "qa", "about": RELEASE, "needed": "Test the payments"}
        outcome = hands.act("hand_off", wish.pop("by", "anna"), MORNING, "handoff:1", **(filled | wish))
        assert isinstance(outcome, tuple), outcome
        return hands
