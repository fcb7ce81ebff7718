"""What came after what a receiver looked at makes it stale, and nothing else does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.handoffs.later import Landed, release_of, shas
from storage.records import Branch, ChangeState, Commit, Corrections, HandoffState, Release, Repository, Signed
from tests.builders import NOON, change_of, facts_of, merged_of, ticket_of
from tests.handing import CHANGE, RELEASE, company, done_of, handoff_of

POLICY = company()
SIGNED = NOON - timedelta(hours=1)  # when what the builders sign was signed
HEAD, OTHER = "1f2e3d4" + "0" * 33, "9a8b7c6" + "0" * 33
HOUR = timedelta(hours=1)


def later(handoff, *records, policy=POLICY, **more):
    """The objects of what makes it stale, in order of time."""
    facts = facts_of(handoff, *records, **more)
    return [one.object for one in Landed(facts, policy).after(handoff)]


def out(number=7, at=NOON, **more):
    return merged_of(number, at, **more)


def landed(sha=OTHER, at=NOON, on="main", repository="acme/api"):
    return Commit(f"commit:{repository}@{sha}", repository, sha, on, at, branches=(on,))


# What words name a commit


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("1f2e3d4", ("1f2e3d4",)), (f"commit {HEAD}", (HEAD,)), ("Build 1F2E3D4.", ("1f2e3d4",)),
        ("build 20261118", ()), ("the facade defaced", ()), ("2.4.0-rc1", ()), ("abc12", ()), ("x1f2e3d4z", ()),
        ("1f2e3d4 and 9a8b7c6", ("1f2e3d4", "9a8b7c6")), ("", ()),
    ],
)  # fmt: skip
def test_a_commit_has_letters_and_digits_both_for_a_number_alone_is_a_builds(words, found):
    assert shas(words) == found


def test_a_release_is_meant_by_its_object_in_any_case_of_its_product():
    assert release_of("release:CHECKOUT@2.4", POLICY).product == "checkout"
    assert release_of("release:unheard@1", POLICY).version == "1"


# A release


def test_a_member_that_merged_later_makes_it_stale():
    assert later(done_of(), out(7), out(8, NOON + HOUR)) == ["change:acme/api#7", "change:acme/api#8"]


@pytest.mark.parametrize("at", [SIGNED - HOUR, SIGNED])
def test_what_merged_by_then_was_looked_at(at):
    assert later(done_of(), out(7, at)) == []


def test_what_counts_is_what_was_looked_at_not_when_it_was_said():
    assert later(done_of(as_of=SIGNED - HOUR), out(7, SIGNED - HOUR / 2)) == ["change:acme/api#7"]


def signed_for(looked_at, as_of=SIGNED, head=None, **more):
    """Done by Cho at eleven, who looked at this."""
    signed = Signed(looked_at, "person/cho", SIGNED, as_of, head=head)
    return handoff_of(state=HandoffState.DONE, state_at=SIGNED, signed=signed, **more)


def test_the_merge_that_was_looked_at_is_not_later_than_itself():
    change = out(7, merge_sha="a1" * 20)
    assert later(signed_for("a1a1a1a"), change) == []
    assert later(signed_for("b1b1b1b"), change) == [change.object]
    assert later(signed_for("a1a1a1a", about="service:api"), landings=(landed("a1" * 20),)) == []


@pytest.mark.parametrize(
    "change",
    [
        change_of(7), change_of(7, state=ChangeState.ABANDONED, closed_at=NOON),
        out(7, corrections=Corrections(releases=((RELEASE, False),))), out(7, repository="acme/ledger"),
    ],
)  # fmt: skip
def test_what_is_open_given_up_or_no_member_lands_nowhere(change):
    assert later(done_of(), change) == []


def test_of_another_version_nothing_counts():
    assert later(done_of(), out(7), claims="milestone:2.5") == []


def test_what_came_to_the_branch_of_the_release_makes_it_stale_once():
    branch = Branch("branch:acme/api:release/2.4", "acme/api", "release/2.4", exists=True)
    merge = out(7, base="release/2.4")
    same = landed(merge.merge_sha, NOON, "release/2.4")
    fix, main = landed(on="release/2.4"), landed("5" * 39 + "a", on="main")
    assert later(done_of(), branch, merge, landings=(same, fix, main)) == ["change:acme/api#7", fix.object]


def test_without_a_branch_of_its_own_commits_alone_say_nothing():
    assert later(done_of(), landings=(landed(),)) == []


@pytest.mark.parametrize("over", [{"shipped_at": NOON}, {"ended": "cancelled", "ended_at": NOON}])
def test_a_release_that_is_over_takes_nothing_more_in(over):
    release = Release(RELEASE, "checkout", "2.4", "2.4", NOON, **over)
    assert later(done_of(), release, out(7, NOON - HOUR / 2), out(8, NOON + HOUR)) == ["change:acme/api#7"]


def test_it_is_the_same_for_everybody_whoever_may_look_there():
    policy = company('[products.both]\nrepositories = ["acme/api", "acme/secret"]\n')
    hidden = out(7, repository="acme/secret")
    found = later(done_of(about="release:both@2.4"), hidden, out(8), policy=policy)
    assert found == ["change:acme/api#8", "change:acme/secret#7"]


def test_what_was_loaded_for_other_questions_says_nothing():
    facts = replace(facts_of(done_of(), out(7)), signed=None)
    assert Landed(facts, POLICY).after(done_of()) == ()


@pytest.mark.parametrize(("at", "found"), [(SIGNED - HOUR, []), (NOON, ["change:acme/api#7"])])
def test_what_somebody_made_a_member_later_makes_it_stale_though_it_merged_before(at, found):
    corrected = Corrections(releases=((RELEASE, True),), joined=((RELEASE, at),))
    change = out(7, SIGNED - HOUR, corrections=corrected)
    assert later(done_of(), change, claims=None) == found
    assert later(done_of(), change) == []  # it said so itself before


# A change


def about_change(looked_at="build 812", head=HEAD):
    return signed_for(looked_at, head=head, about=CHANGE, repository="acme/api")


def test_another_head_makes_it_stale_since_the_first_push_after_it():
    moves = (SIGNED - HOUR, NOON - HOUR / 2, NOON)
    facts = facts_of(about_change(), change_of(head_sha=OTHER, head_moves=moves))
    (one,) = Landed(facts, POLICY).after(facts.handoffs[0])
    assert (one.object, one.at, one.name) == (CHANGE, NOON - HOUR / 2, "acme/api#101 (9a8b7c6)")


def test_the_same_head_does_not():
    assert later(about_change(), change_of(head_sha=HEAD)) == []


def test_a_commit_that_is_not_its_head_is_stale_from_the_start():
    (one,) = Landed(facts := facts_of(about_change("9a8b7c6"), change_of(head_sha=HEAD)), POLICY).after(
        facts.handoffs[0]
    )
    assert one.at == SIGNED


def test_the_commit_that_heads_it_now_was_looked_at_whatever_headed_it_when_it_was_said():
    assert later(about_change("9a8b7c6", HEAD), change_of(head_sha=OTHER)) == []


def test_its_merge_or_whatever_holds_it_was_looked_at():
    merged = change_of(state=ChangeState.MERGED, head_sha=OTHER, merged_at=SIGNED, merge_sha="a1" * 20)
    assert later(about_change("a1a1a1a"), merged) == []
    assert later(about_change("build 812"), merged) == []


def test_of_a_head_that_nobody_told_nothing_is_known():
    assert later(about_change(), change_of(head_sha=None)) == []
    assert later(about_change(head=None), change_of(head_sha=OTHER)) == []
    assert later(about_change()) == []


# A ticket


def test_a_change_that_closes_the_ticket_and_merged_later_makes_it_stale():
    handoff = done_of(about="ticket:acme/api#55", repository="acme/api")
    closing, other = out(7, closes=("ticket:acme/api#55",)), out(8)
    wrong = out(9, closes=("ticket:acme/api#55",), corrections=Corrections(not_linked=("ticket:acme/api#55",)))
    assert later(handoff, ticket_of(), closing, other, wrong) == ["change:acme/api#7"]


def test_of_an_epic_what_closes_its_stories_and_their_tasks_counts():
    story = ticket_of(56, part_of=("ticket:acme/api#55",))
    task = ticket_of(57, part_of=("ticket:acme/api#56",))
    changes = [out(number, closes=(f"ticket:acme/api#{number}",)) for number in (56, 57, 58)]
    handoff = done_of(about="ticket:acme/api#55", repository="acme/api")
    assert later(handoff, ticket_of(), story, task, ticket_of(58), *changes) == [
        "change:acme/api#56",
        "change:acme/api#57",
    ]


# A service


def about_service(**more):
    return done_of(about="service:API", **more)


REPOSITORY = Repository("repository:acme/api", "acme/api", default_branch="trunk")


def test_what_landed_on_its_default_branch_makes_it_stale():
    there, elsewhere = landed(on="trunk"), landed("5" * 39 + "a", on="topic")
    change, other = out(7, base="trunk"), out(8, base="topic")
    found = later(about_service(), REPOSITORY, change, other, landings=(there, elsewhere), claims=None)
    assert found == ["change:acme/api#7", there.object]


def test_where_nobody_told_the_default_branch_the_usual_ones_are_it():
    found = later(about_service(), landings=(landed(on="master"), landed("5" * 39 + "a", on="topic")))
    assert found == [landed().object]


def test_what_was_passed_on_anew_is_looked_at_there():
    again = handoff_of("handoff:2", about="service:api", opened_at=NOON)
    assert later(about_service(), REPOSITORY, again, landings=(landed(on="trunk"),)) == []
    other = handoff_of("handoff:2", about="service:api", opened_at=NOON, to_function="design")
    assert later(about_service(), REPOSITORY, other, landings=(landed(on="trunk"),)) == [landed().object]


@pytest.mark.parametrize(
    ("more", "renewed"),
    [
        ({"needed": "test  the PAYMENTS"}, True), ({"needed": "Test the search"}, False),
        ({"needed": "Look again", "previous": "handoff:1"}, True), ({"state": HandoffState.WITHDRAWN}, False),
        ({"state": HandoffState.RETURNED}, True), ({"opened_at": SIGNED - HOUR}, False),
        ({"previous": "handoff:1", "to_function": "customer_success"}, False),
    ],
)  # fmt: skip
def test_only_the_same_once_more_and_not_taken_back_takes_its_place(more, renewed):
    other = handoff_of("handoff:2", **({"about": "service:api", "opened_at": NOON} | more))
    found = later(about_service(), REPOSITORY, other, landings=(landed(on="trunk"),))
    assert found == ([] if renewed else [landed().object])


def test_of_a_service_that_nobody_configured_nothing_is_known():
    assert later(done_of(about="service:unheard"), landings=(landed(),)) == []


def test_a_repository_that_no_service_is_built_from_is_one_by_itself():
    there = landed(repository="acme/web2")
    assert later(done_of(about="service:acme/web2"), landings=(there, landed())) == [there.object]


@pytest.mark.parametrize(
    "state", [HandoffState.OPEN, HandoffState.ACKNOWLEDGED, HandoffState.RETURNED, HandoffState.WITHDRAWN]
)
def test_only_what_is_done_goes_stale(state):
    signed = done_of().signed
    assert later(handoff_of(state=state, signed=signed), out(7)) == []
