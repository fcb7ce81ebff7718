"""Who may hand what over to whom, and what do they read when they may not?"""

from datetime import timedelta

import pytest

from assistant.acts.hand_off import LONGEST_NEED
from tests.builders import at, by_name, change_of, release_of, ticket_of
from tests.handing import MORNING, NOON, RELEASE, Hands, as_viewer, company, handoff_of
from tests.rounds import round_of

FILLED = {"from_function": "engineering", "to_function": "qa", "about": RELEASE, "needed": "Test the payments"}


def hands(*records, more=""):
    return Hands(change_of(), ticket_of(), *records, policy=company(more))


def opened(by="anna", who=None, **wish):
    """What was handed over."""
    own = who or hands()
    outcome = own.act("hand_off", by, NOON, "handoff:1", **(FILLED | wish))
    assert isinstance(outcome, tuple), outcome
    return own.handoff()


def refused(by="anna", who=None, name="handoff:1", **wish):
    """Why it was not."""
    return (who or hands()).refusal("hand_off", by, NOON, name, **(FILLED | wish))


def test_what_the_wish_leaves_open_is_as_usual_for_the_pair():
    made = opened()
    assert made.checklist == ("What needs testing", "Risky areas", "Test data", "Rollback")
    assert (made.gating, made.due_at) == (True, at("2026-11-20T12:00"))
    assert (made.sender, made.receiver, made.from_function, made.to_function) == (
        "person/anna", None, "engineering", "qa",
    )  # fmt: skip
    assert (made.previous, made.round, made.rule) == (None, None, None)
    assert not opened(from_function="design", to_function="engineering").gating


def test_what_the_wish_says_holds():
    made = opened(
        "bo", who=hands(handoff_of("handoff:0"), round_of("round:1")), receiver="Cho Min", due_at=NOON + timedelta(hours=2), gating=False,
        checklist=(" The  cart ", "", "The cart"), links=("https://a.example/1", "https://a.example/1"),
        previous="handoff:0", round="round:1", rule="rule 1",
    )  # fmt: skip
    assert (made.receiver, made.due_at, made.gating) == ("person/cho", NOON + timedelta(hours=2), False)
    assert (made.checklist, made.links) == (("The cart",), ("https://a.example/1",))
    assert (made.previous, made.round, made.rule) == ("handoff:0", "round:1", "rule 1")


def test_an_empty_checklist_is_one():
    assert opened(checklist=()).checklist == ()


@pytest.mark.parametrize(
    ("by", "via", "kept"), [("anna", "", "slack"), ("anna", "jira", "jira"), ("terminal/x", "", "terminal")]
)
def test_it_is_kept_from_where_it_came(by, via, kept):
    assert opened(by, via=via).steps[0].via == kept


def test_functions_go_by_whatever_they_are_called():
    made = opened(from_function="Dev", to_function="customer success")
    assert (made.from_function, made.to_function) == ("engineering", "customer_success")


@pytest.mark.parametrize("receiver", ["bo", "person/bo", "<@U2>", "github/bo", "@bo", "slack/U2", "Bo Cole"])
def test_a_receiver_goes_by_whatever_they_are_called(receiver):
    assert opened(receiver=receiver).receiver == "person/bo"
    assert opened(receiver="  ").receiver is None
    assert opened("bo", receiver="me").receiver == "person/bo"


def test_anybody_inside_may_hand_over_and_somebody_that_nobody_configured_may_receive():
    assert opened("slack/U9", receiver="slack/U8").receiver == "slack/U8"
    assert opened(to_function="sre").to_function == "sre"


@pytest.mark.parametrize(
    "about",
    [
        RELEASE,
        "release:checkout@never planned",
        "service:api",
        "service:acme/web",
        "change:acme/api#101",
        "ticket:acme/api#55",
    ],
)
def test_it_may_be_about_a_release_a_service_a_change_or_a_ticket(about):
    assert opened(about=about).about == about


def test_it_belongs_to_the_repository_of_the_change_that_it_is_about():
    own = hands()
    (event,) = own.act("hand_off", "anna", NOON, "handoff:1", **(FILLED | {"about": "change:acme/api#101"}))
    assert event.repository == "acme/api"
    (other,) = own.act("hand_off", "anna", NOON, "handoff:2", **FILLED)
    assert other.repository is None


@pytest.mark.parametrize(
    ("about", "known"),
    [
        ("change:acme/secret#9", "change:acme/nothing#9"),
        ("release:vault@1.0", "release:nowhere@1.0"),
        ("service:safe", "service:none"),
        ("service:acme/secret", "service:none/such"),
    ],
)
def test_what_is_hidden_is_as_unknown_as_what_is_not(about, known):
    own = hands(change_of(9, "acme/secret"))
    hidden, unknown = (refused("cho", own, about=one) for one in (about, known))
    assert "I know nothing of" in hidden
    said, names = hidden.split(" that you may see")[1], unknown.split(" that you may see")[1]
    assert said == names


@pytest.mark.parametrize(
    "about",
    ["", "x", ":", "release:", "release:checkout", "release:@1", "service:", "change:acme/api#77", "handoff:0",
     "freeze:api", "release:checkout@" + "9" * 300],
)  # fmt: skip
def test_what_is_no_such_thing_is_refused(about):
    assert "I know nothing of" in refused(about=about)


def test_nothing_is_handed_over_about_a_release_that_has_ended():
    assert (
        refused(who=hands(release_of(ended="cancelled"))) == "2.4 was cancelled: nothing can be handed over about it."
    )


def test_guests_hand_nothing_over():
    assert "Only members of this workspace" in refused("gus")


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"to_function": "qaa"}, "I know no function \"qaa\"; did you mean 'qa'? There are Engineering, Product, QA,"),
        ({"from_function": "\u202emarketing"}, 'I know no function "marketing". There are Engineering'),
        ({"to_function": ""}, 'I know no function ""'),
        ({"to_function": "eng"}, "That is from Engineering to Engineering: name the person who is to have it"),
        ({"needed": " \n "}, "Say what is needed."),
        ({"needed": "\u200b"}, "Say what is needed."),
        ({"needed": "x" * 2001}, "That is 2,001 characters: say it in 2,000, and link to the rest."),
        ({"due_at": NOON}, "Wednesday 18 November 2026, 12:00 (UTC) is already past. Choose a later time."),
        ({"receiver": "zoe"}, 'I know nobody called "zoe"'),
        ({"receiver": "gus"}, "Gus Hart is a guest here and can't answer a handoff. Name a member of the workspace."),
        ({"receiver": "github/renovate[bot]"}, "I know nobody called"),
        ({"receiver": "@coderabbitai"}, "A bot can't answer a handoff."),
        ({"checklist": ("x",) * 21}, "A checklist holds at most 20 points; these are 21."),
        ({"checklist": ("x" * 201,)}, "A point of the checklist has at most 200 characters."),
        ({"links": ("https://a.example",) * 11}, "A handoff holds at most 10 links; these are 11."),
        ({"links": ("javascript:alert(1)",)}, "A link must be a web address that begins with https://"),
        ({"links": ("https://a b",)}, "A link must be a web address that begins with https://"),
        ({"previous": "handoff:none"}, "I know of no such handoff that you may see."),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(wish, said):
    assert said in refused(**wish)


def test_whoever_may_not_see_it_cannot_receive_it():
    own = hands(change_of(9, "acme/secret"))
    said = refused("bo", own, about="change:acme/secret#9", receiver="cho")
    assert said == "Cho Min may not see acme/secret#9. Name somebody who may, or leave it to the function."


def test_within_one_function_it_is_handed_to_a_person():
    assert opened(to_function="engineering", receiver="anna").receiver == "person/anna"
    assert "from Engineering to Engineering" in refused(to_function="engineering")


def test_whoever_is_of_other_functions_alone_does_not_receive_for_this_one():
    assert refused(receiver="eve") == "Eve Odell is of Customer success: hand it to that."
    more = '[functions.sre]\nlead = "eve"\n'
    said = refused(receiver="eve", who=hands(more=more))
    assert said == "Eve Odell is of Customer success and SRE: hand it to one of these."
    assert opened(receiver="eve", to_function="sre").receiver == "person/eve"  # nobody is known who acts for it
    assert opened(receiver="slack/U9").receiver == "slack/U9"  # of no function


def test_what_is_open_already_is_not_handed_over_once_more():
    own = hands()
    opened(who=own)
    again = {**FILLED, "needed": "  test THE payments ", "twins": ("handoff:1",)}
    assert own.refusal("hand_off", "bo", NOON + timedelta(hours=1), "handoff:2", **again) == (
        "Anna Berg handed that off at 12:00; it is open."
    )
    assert own.refusal("hand_off", "anna", NOON, "handoff:2", **again).startswith("You handed that off ")
    for other in ({"needed": "Test the cart"}, {"to_function": "design"}, {"receiver": "bo"}, {"about": "service:api"}):
        assert isinstance(own.act("hand_off", "anna", NOON, f"handoff:{other}", **(again | other)), tuple), other
    own.act("withdraw_handoff", "anna", NOON, "handoff:1")
    assert isinstance(own.act("hand_off", "anna", NOON, "handoff:2", **again), tuple)


def test_a_name_is_given_once_and_the_second_reads_who_was_first():
    own = hands()
    opened(who=own)
    assert refused("bo", own) == "Anna Berg handed that over already, Wednesday 18 November 2026, 12:00 (UTC)."
    assert "no name of its own" in refused(name="release:checkout@2.4")
    assert "no name of its own" in refused(name="handoff:")
    assert "no name of its own" in refused(name="handoff:" + "1" * 200)


def test_one_that_carries_on_what_is_hidden_is_refused_as_if_there_were_none():
    own = hands(handoff_of("handoff:0", about="release:vault@1"))
    assert refused("cho", own, previous="handoff:0") == refused("cho", own, previous="handoff:none")
    own = hands(handoff_of("handoff:0"))
    assert opened("bo", own, previous="handoff:0").previous == "handoff:0"


def test_a_round_that_is_hidden_is_as_unknown_as_none():
    own = hands(round_of("round:0", release="release:vault@1"), handoff_of("handoff:0"))
    unknown = refused("cho", own, round="round:none")
    assert "no such round that you may see" in unknown
    assert refused("cho", own, round="round:0") == refused("cho", own, round="handoff:0") == unknown


def test_what_came_of_a_round_or_a_handoff_is_about_no_other_release():
    for came_of in ({"round": "round:1"}, {"previous": "handoff:0"}):
        own = hands(round_of("round:1"), handoff_of("handoff:0"), release_of("2.5"))
        assert "about checkout 2.4" in refused("bo", own, about="release:checkout@2.5", **came_of)
        assert opened("bo", own, about="change:acme/api#101", **came_of).about == "change:acme/api#101"


def test_a_long_need_is_kept_whole():
    assert opened(needed="x" * LONGEST_NEED).needed == "x" * LONGEST_NEED
    assert opened(needed="a\n\n  b\u202e<!channel>").needed == "a b<!channel>"


def test_where_no_product_is_configured_any_release_may_be_handed_over():
    own = Hands(policy=company().model_copy(update={"products": {}}))
    assert opened(who=own, about="release:acme@1").about == "release:acme@1"


def test_all_that_is_loaded_is_what_the_wish_names():
    from assistant.acts import hand_off

    wish = hand_off.Wish("handoff:1", **(FILLED | {"about": "service:api", "previous": "handoff:0"}))
    assert hand_off.objects(wish) == ("handoff:1", "handoff:0")
    wish = hand_off.Wish("handoff:1", **(FILLED | {"about": "service:api", "round": "round:0"}))
    assert hand_off.objects(wish) == ("handoff:1", "round:0")
    wish = hand_off.Wish("handoff:1", **FILLED)
    assert hand_off.objects(wish) == ("handoff:1", RELEASE)
    assert isinstance(hand_off.decide(by_name(), wish, as_viewer("anna"), company(), MORNING), tuple)
