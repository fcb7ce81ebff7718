"""Answers as the desk gives them, filled in so that a test names only what it is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from assistant.blockers.blocker import Blocker, BlockerKind, NextAction, Owner, Remaining
from assistant.forecast import Earliest
from assistant.questions import blocking, releases
from assistant.since import Difference, Since
from assistant.subject import Candidates, Option, Subject, SubjectKind
from assistant.unknowns import Unknown
from assistant.verdicts import Verdict
from assistant.waivers import Accepted

NOW = datetime(2026, 11, 3, 10, 4, tzinfo=UTC)  # a Tuesday
ANNA = Owner("person/anna", "Anna Berg")


def a_blocker(number: int = 101, **more) -> Blocker:
    return replace(
        Blocker(
            kind=BlockerKind.REVIEW_PENDING,
            object=f"change:acme/api#{number}",
            subject=f"acme/api#{number}",
            title=f"Speed up quote cache {number}",
            url=f"https://github.com/acme/api/pull/{number}",
            owners=(ANNA,),
            waiting_since=NOW - timedelta(days=1, hours=1),
            waiting_hours=9.0,
            next_action=NextAction.REVIEW,
            turn="review_pending",
            repository="acme/api",
            level=8.0,
            origin="ai_heavy",
            risk="high",
        ),
        **more,
    )


def a_waiver(number: int = 90, **more) -> Accepted:
    return replace(
        Accepted(
            a_blocker(number), ANNA, "rolled out behind a flag", NOW, NOW + timedelta(days=9), Owner("person/bo", "Bo")
        ),
        **more,
    )


CHECKOUT = Subject(
    SubjectKind.RELEASE, "checkout 2.4", "release checkout 2.4", "release:checkout@2.4", "checkout", "2.4"
)


def blocking_answer(**more):
    """An answer of the blocking question about checkout 2.4."""
    fields = {
        "subject": CHECKOUT,
        "asked_at": NOW,
        "verdict": Verdict.LATE,
        "state": "planned",
        "owner": ANNA,
        "shipped_at": None,
        "stable_at": None,
        "risks": ("The freeze of next week covers the 85% date.",),
        "conflicts": (),
        "reconciled_at": None,
        "members": 12,
        "because": "The 50% date is after the target.",
        "target": NOW + timedelta(days=10),
        "earliest": Earliest(NOW + timedelta(days=16), NOW + timedelta(days=21)),
        "blockers": tuple(a_blocker(n) for n in range(101, 106)),
        "accepted_risks": (a_waiver(),),
        "since": Since(NOW - timedelta(days=2), (Difference("new", "acme/api#101", None, "review_pending"),)),
        "unknown": (
            Unknown("without_release", "12 of 40 recent changes have no release.", "Give them a milestone."),
            Unknown("people_unmapped", "3 of 9 active people are not mapped.", "Edit [people].", in_settings=True),
        ),
        "freshness": {"github": NOW - timedelta(minutes=5)},
    }
    return blocking.Answer(**{**fields, **more})


def releases_answer(count: int = 2, **more):
    """An answer of the releases question."""
    rows = tuple(
        releases.Row(
            subject=replace(CHECKOUT, name=f"checkout 2.{n}", words=f"release checkout 2.{n}"), verdict=Verdict.ON_TRACK,
            because="The 85% date is within the target.", state="planned", target=NOW, earliest=Earliest(NOW, None),
            blockers=3, top=a_blocker(),
        )
        for n in range(count)
    )  # fmt: skip
    return releases.Answer(
        **{"asked_at": NOW, "releases": rows, "more": 0, "unknown": (), "freshness": {"github": NOW}, **more}
    )


def some_candidates(**more) -> Candidates:
    options = (
        Option("Release checkout 2.4", "release checkout 2.4", SubjectKind.RELEASE),
        Option("Service api", "service api", SubjectKind.SERVICE),
    )
    return replace(Candidates("2.x", '"2.x" could mean several things. Which one?', options), **more)


__all__ = ["ANNA", "NOW", "Remaining", "a_blocker", "a_waiver", "blocking_answer", "releases_answer", "some_candidates"]
