"""What does a team read of where it is stuck: a headline that stands alone, the stages, three moves, what moved?"""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.blockers.blocker import Owner
from assistant.mentioning import Naming
from assistant.moved import Moved, Thing
from assistant.people import people_of
from assistant.questions.bottleneck import Answer
from assistant.scopes import team_subject
from assistant.showing.bottleneck import sheet
from assistant.showing.sheet import HEADLINE
from assistant.stages import Held, Stage, StageName
from assistant.telling import Reader
from assistant.unknowns import Unknown
from assistant.usual import Usual
from tests.answers import NOW, a_blocker
from tests.assistant.showing.test_sheet import check
from tests.builders import COMPANY, policy_of

POLICY = policy_of(COMPANY)
TEAM = replace(team_subject(POLICY, "core"), name="Web")


def stage(name="review", things=12, hours=96.0, usual=None, **more):
    held = tuple(
        Held(f"change:acme/web#{n}", f"acme/web#{n}", f"https://x.example/{n}", NOW, hours / things)
        for n in range(things)
    )
    return Stage(StageName(name), held, usual, **more)


STAGES = (
    stage(usual=Usual(6.0, 44.0, 20)),
    Stage(StageName.TESTING, (), Usual(0.0, 0.0, 20), "no handoff to QA is recorded here"),
    Stage(StageName.HANDOFFS, None, None, "no handoff is recorded here"),
    Stage(StageName.DEPLOYMENT, (), Usual(2.0, 4.0, 20)),
    Stage(StageName.STABILIZATION, ()),
)


def an_answer(**more):
    fields = {
        "asked_at": NOW, "subject": TEAM, "stages": STAGES, "bottleneck": StageName.REVIEW, "stuck": True,
        "moves": (a_blocker(402, subject="acme/web#402", owners=(Owner("person/anna", "Anna"),)),), "moved": None,
        "unknown": (), "freshness": {"github": NOW}, "attention": {},
    }  # fmt: skip
    return Answer(**(fields | more))


def shown(**more):
    naming = Naming(people_of(POLICY), NOW, more.pop("reached", lambda _key: None))
    return sheet(an_answer(**more), Reader(ZoneInfo("UTC"), NOW), naming)


def thread(**more):
    return "\n".join(str(block) for post in shown(**more).thread() for block in post.blocks)


CALM = {"stuck": False, "moves": (), "bottleneck": None, "stages": tuple(replace(one, held=()) for one in STAGES)}


def test_the_headline_says_where_how_much_against_what_and_what_is_first():
    assert shown().headline == (
        "🚧 Web is stuck in review: 12 changes wait 96 working hours together, twice the usual. First move: web#402, Anna."
    )


def test_a_headline_that_would_be_too_long_names_less():
    long = shown(subject=replace(TEAM, name="A team with a long name " * 4)).headline
    assert len(long) <= HEADLINE
    assert "First move: web#402" in long or long.endswith("twice the usual.")


@pytest.mark.parametrize(
    ("usual", "said"),
    [
        (Usual(12.0, 96.0, 20), ", as usual."), (Usual(30.0, 300.0, 20), ", less than usual."),
        (Usual(9.0, 70.0, 20), ", more than usual."), (Usual(3.0, 20.0, 20), ", 4 times the usual."), (None, "hours together."),
    ],
)  # fmt: skip
def test_how_much_it_is_against_the_usual_is_said_in_words(usual, said):
    assert said in shown(stages=(stage(usual=usual),)).headline


def test_when_nothing_is_stuck_it_says_so():
    assert shown(**CALM).headline == "✅ Web: nothing is stuck, and nothing waits."
    flowing = shown(stuck=False, moves=(), stages=(stage(things=2, hours=3.0),)).headline
    assert flowing == "✅ Web: nothing is stuck. Most is in review: 2 changes wait 3 working hours together."
    assert "Nobody has to move" in thread(**CALM)


def test_when_part_of_it_is_not_known_it_claims_nothing():
    gap = Unknown("never_heard", "Never heard from acme/web.", "Connect it.", unsettles=True)
    assert shown(**CALM, unknown=(gap,)).headline == "❔ Web: nothing seems stuck, but part of it is not known."
    decides = replace(gap, decides=True)
    assert "no good news" in thread(**CALM, unknown=(decides,))


def test_a_move_outside_of_every_stage_is_the_headline_then():
    assert shown(bottleneck=None).headline == "🚧 Web: 1 thing needs a move. First move: web#402, Anna."


def test_nobodys_move_is_said_to_be_nobodys():
    assert (
        "First move: web#402, which nobody owns."
        in shown(moves=(a_blocker(402, subject="acme/web#402", owners=()),)).headline
    )


def test_the_headline_mentions_nobody():
    assert "<@" not in shown(reached=lambda _key: "U1").headline
    assert "<@U1>" in thread(reached=lambda _key: "U1")


def test_each_stage_says_what_is_in_it_and_what_is_usual():
    said = thread()
    assert (
        "*Review*: 12 changes wait 96 working hours together, twice the usual (usual at this hour: 6 changes, 44 working hours)."
        in said
    )
    assert "The oldest: <https://x.example/0|acme/web#0>, <https://x.example/1|acme/web#1>" in said
    assert (
        "Testing: nothing (usual at this hour: nothing). More may be in it: no handoff to QA is recorded here." in said
    )
    assert "Deployment: nothing (usual at this hour: 2 changes, 4 working hours)." in said


def test_what_is_not_recorded_is_not_known_rather_than_nothing():
    assert "Handoffs: not known, no handoff is recorded here." in thread()


def handed(name, things, hours, usual=None, *changes):
    held = tuple(Held(f"handoff:{n}", f"checkout 2.{n} to QA", None, NOW, hours / things) for n in range(things))
    return Stage(StageName(name), (*held, *changes), usual)


def test_handoffs_are_called_handoffs_and_what_is_mixed_is_called_things():
    said = thread(stages=(handed("handoffs", 2, 9.0, Usual(1.0, 4.0, 20)),))
    assert "*Handoffs*: 2 handoffs wait 9 working hours together" in said
    assert (
        "(usual at this hour: 1 handoff, 4 working hours). The oldest: checkout 2.0 to QA, checkout 2.1 to QA." in said
    )
    check = Held("change:acme/web#1", "acme/web#1", None, NOW, 1.0)
    testing = thread(stages=(handed("testing", 1, 9.0, Usual(3.0, 4.0, 20), check),))
    assert "*Testing*: 2 things wait 10 working hours together" in testing
    assert "usual at this hour: 3 things" in testing


def test_the_headline_can_be_of_handoffs():
    headline = shown(stages=(handed("testing", 1, 9.0),), bottleneck=StageName.TESTING, moves=()).headline
    assert headline == "🚧 Web is stuck in testing: 1 handoff waits 9 working hours."


def test_handoffs_that_are_done_are_told():
    assert "handoffs done: checkout 2.4 to QA" in thread(
        moved=Moved(NOW, done=(Thing("handoff:1", "checkout 2.4 to QA"),))
    )


def test_where_more_may_be_in_a_stage_it_is_said_why():
    said = thread(stages=(stage("deployment", things=1, hours=3.0, why="api runs eeee, which was never seen to land"),))
    assert "More may be in it: api runs eeee, which was never seen to land." in said


def test_releases_that_stabilize_are_called_releases():
    said = thread(stages=(stage("stabilization", 2, 20.0),))
    assert "2 releases shipped and not stable" in said


def test_each_move_has_its_buttons():
    assert "attend.acknowledge" in thread()
    assert [row.object for row in shown().rows] == ["change:acme/api#402"]


def test_more_moves_are_counted():
    assert "1 more thing waits for somebody's move." in thread(moves=tuple(a_blocker(n) for n in range(4)))


def test_what_moved_is_told_with_links():
    def thing(number):
        return Thing(f"change:acme/web#{number}", f"acme/web#{number}", f"https://x.example/{number}")

    moved = Moved(
        NOW - timedelta(days=1), (thing(1),), (thing(2),), {"review": tuple(map(thing, range(10, 17)))}, (thing(3),)
    )
    said = thread(moved=moved)
    assert "Since the last one, Mon 2 Nov 10:04" in said
    assert "merged: <https://x.example/1|acme/web#1>" in said
    assert "in production: <https://x.example/2|acme/web#2>" in said
    assert "new in review: " in said
    assert "and 2 more" in said
    assert "nothing moved" in thread(moved=Moved(NOW))


def test_gaps_for_whoever_keeps_the_configuration_are_not_shown():
    gap = Unknown("people_unmapped", "3 people are not mapped.", "Edit.", in_settings=True)
    assert "not mapped" not in thread(unknown=(gap,))
    assert "Not known" in thread(unknown=(replace(gap, in_settings=False),))


NASTY = st.sampled_from(("", "<!channel>", "a" * 3_000, "\u202eevil", "&" * 500, "شركة" * 90, "*_~`", "x\ny"))


@given(name=NASTY, title=NASTY, owner=NASTY, count=st.integers(0, 40), things=st.integers(1, 3_000))
def test_slack_takes_it_whatever_the_words_and_numbers_are(name, title, owner, count, things):
    moves = tuple(a_blocker(n, title=title, owners=(Owner("github/x", owner),)) for n in range(count))
    laid = shown(subject=replace(TEAM, name=name), moves=moves, stages=(stage(things=things, hours=things * 1e4),))
    assert len(laid.headline) <= HEADLINE
    assert "<!channel>" not in laid.headline
    for message in (laid.lead(), laid.message(), *laid.thread()):
        check(message)
