"""Is the thing that a person names found, and asked back when there are two?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.matching import Book, Known
from assistant.subject import Candidates, Subject, SubjectKind
from assistant.subjects import Lookups, channel_products, lookups, resolve
from assistant.viewer import Viewer
from storage.facts import NamedRelease
from tests.builders import COMPANY, policy_of, train_of

POLICY = policy_of(COMPANY)
ALL = Viewer("person/anna", "Anna")
IN_C1 = Viewer("person/anna", "Anna", channel="C1")


def named(title, repository="acme/api", source="milestone", **more):
    from storage.naming import version_key

    return NamedRelease(version_key(title), title, repository, source, **more)


def found(text, *releases, policy=POLICY, viewer=ALL, trains=(), changes=()):
    return resolve(text, Known(tuple(releases), tuple(trains), tuple(changes)), policy, viewer)


def words_of(candidates):
    assert isinstance(candidates, Candidates)
    return [option.words for option in candidates.options]


@pytest.mark.parametrize(
    "text",
    [
        "2.4",
        "v2.4",
        "release 2.4",
        "Release v2.4.0",
        "checkout 2.4",
        "checkout@2.4",
        "2.4 of checkout",
        "the release 2.4?",
    ],
)
def test_a_release_is_found_however_it_is_written(text):
    subject = found(text, named("2.4"))
    assert (subject.kind, subject.object, subject.name) == (SubjectKind.RELEASE, "release:checkout@2.4", "checkout 2.4")
    assert subject.repositories == ("acme/api", "acme/web")
    assert subject.teams == ("core",)
    assert set(subject.services) == {"api", "web"}


def test_the_products_name_in_a_milestone_is_part_of_its_key_not_of_its_version():
    subject = found("2.4", named("Checkout v2.4"))
    assert subject.object == "release:checkout@2.4"
    assert {"2.4", "checkout 2.4", "checkout v2.4"} <= set(subject.keys)


def test_milestones_of_one_product_are_one_release():
    assert isinstance(
        found("2.4", named("2.4"), named("2.4", "acme/web"), named("release/2.4", source="branch")), Subject
    )


def test_two_products_with_the_same_version_give_a_question_back():
    asked = found("2.4", named("2.4"), named("2.4", "acme/ledger"))
    assert asked.known
    assert sorted(words_of(asked)) == ["release billing 2.4", "release checkout 2.4"]


def test_each_answer_to_the_question_back_means_exactly_one():
    both = (named("2.4"), named("2.4", "acme/ledger"))
    for words in words_of(found("2.4", *both)):
        assert found(words, *both).words == words


def test_the_channels_product_decides_between_two():
    both = (named("2.4"), named("2.4", "acme/ledger"))
    assert found("2.4", *both, viewer=IN_C1).product == "checkout"


def test_a_product_alone_is_its_one_open_release():
    subject = found("checkout", named("2.3", open=False), named("2.4", open=True))
    assert subject.version == "2.4"


def test_a_product_with_two_open_releases_asks_which_newest_first():
    asked = found("checkout", named("2.9", open=True), named("2.10", open=True))
    assert words_of(asked) == ["release checkout 2.10", "release checkout 2.9"]


def test_a_repository_of_no_product_is_one_by_itself():
    assert found("1.0", named("1.0", "acme/lone")).object == "release:acme/lone@1"


@pytest.mark.parametrize(
    ("text", "choices", "said"),
    [
        ("2.5", ["checkout 2.4"], 'I know nothing called "2.5". Did you mean checkout 2.4?'),
        ("2.5", ["a 1", "b 2", "c 3"], 'I know nothing called "2.5". Did you mean a 1, b 2 or c 3?'),
        ("zzzz", ["a 1", "b 2"], 'I know nothing called "zzzz". There are: a 1, b 2.'),
        ("zzzz", [], 'I know nothing called "zzzz". Say it.'),
    ],
)
def test_a_name_that_nothing_has_is_answered_in_a_line_with_what_there_is(text, choices, said):
    assert found(text, named("2.4")).asking(choices, "Say it.") == said


def test_a_name_that_several_have_is_answered_with_all_of_them():
    asked = Candidates("2.4", '"2.4" could mean several things. Which one?')
    assert asked.asking(["a 2.4", "b 2.4"]) == '"2.4" could mean several things. Which one? a 2.4, b 2.4.'


def test_without_any_product_the_workspace_is_one():
    subject = found("2.4", named("2.4", "a/x"), named("2.4", "b/y"), policy=policy_of('[workspace]\nname = "Acme"'))
    assert subject.object == "release:acme@2.4"
    assert subject.repositories is None


def test_without_any_product_the_one_that_was_declared_takes_what_is_called_so():
    declared = NamedRelease("2.4", "2.4", None, "declared", "shop", open=True)
    subject = found("2.4", named("2.4", "a/x"), declared, policy=policy_of(""))
    assert subject.object == "release:shop@2.4"


@pytest.mark.parametrize(
    "text",
    [
        "acme/api#101",
        "#101",
        "api#101",
        "change 101",
        "PR #101",
        "https://github.com/acme/api/pull/101",
        "<https://github.com/acme/api/pull/101|the change>",
        "pull request acme/api#101",
    ],
)
def test_a_change_is_found_by_number_name_and_address(text):
    subject = found(text, changes=["change:acme/api#101"])
    assert (subject.kind, subject.object, subject.name) == (SubjectKind.CHANGE, "change:acme/api#101", "acme/api#101")


def test_a_number_that_two_repositories_have_gives_a_question_back():
    asked = found("#101", changes=["change:acme/api#101", "change:acme/ledger#101"])
    assert words_of(asked) == ["acme/api#101", "acme/ledger#101"]
    assert found("#101", changes=["change:acme/api#101", "change:acme/ledger#101"], viewer=IN_C1).name == "acme/api#101"


def test_a_change_that_is_not_there_is_no_error():
    asked = found("acme/api#999")
    assert not asked.known
    assert "I know nothing called" in asked.question


def test_a_ticket_can_be_asked_about_by_its_number():
    assert found("issue #55", changes=["ticket:acme/api#55"]).object == "ticket:acme/api#55"


def test_services_teams_and_trains_are_found_by_name():
    assert found("api").kind is SubjectKind.SERVICE
    assert found("API next").kind is SubjectKind.SERVICE
    assert found("team core").kind is SubjectKind.TEAM
    train = found("weekly", trains=[train_of()])
    assert (train.kind, train.object, train.product) == (SubjectKind.TRAIN, "train:weekly", "checkout")


def test_a_word_that_says_the_kind_decides_between_kinds():
    policy = policy_of(COMPANY.replace("[services.api]", "[services.core]").replace('["api"]', '["core"]'))
    assert sorted(words_of(found("core", policy=policy))) == ["service core", "team core"]
    assert found("team core", policy=policy).kind is SubjectKind.TEAM


def test_a_mistyped_name_gets_near_matches():
    asked = found("chekout 2.4", named("2.4"), named("2.5"))
    assert not asked.known
    assert words_of(asked)[0] == "release checkout 2.4"


def test_a_name_like_nothing_known_gets_what_could_be_asked():
    assert "release checkout 2.4" in words_of(found("qqqq", named("2.4", open=True)))


def test_nothing_named_offers_what_fits_the_channel():
    everything = (named("2.4", open=True), named("7", "acme/ledger", open=True))
    assert "release billing 7" in words_of(found("", *everything))
    offered = words_of(found("", *everything, viewer=IN_C1))
    assert "release checkout 2.4" in offered
    assert not [words for words in offered if "billing" in words or "money" in words]


def test_what_a_viewer_may_not_see_is_never_found_or_offered():
    blind = Viewer("person/x", "X", sees=frozenset({"acme/api"}))
    secret = (named("2.4"), named("7", "acme/ledger", open=True))
    assert found("2.4", *secret, viewer=blind).product == "checkout"
    told = found("7", *secret, viewer=blind)
    assert "ledger" not in repr(told)
    assert "billing" not in repr(told)
    assert isinstance(found("#101", changes=["change:acme/ledger#101"], viewer=blind), Candidates)


def test_outsiders_are_offered_nothing():
    nobody = Viewer("slack/U9", "X", sees=frozenset(), inside=False)
    assert found("", named("2.4", open=True), viewer=nobody, trains=[train_of()]).options == ()


def test_open_releases_are_those_that_nothing_says_are_over():
    known = Known((
        named("2.2", open=False), named("2.3"), named("2.3", source="published"),
        named("2.4", open=False), named("2.4", source="label", open=True), named("2.5", source="label"),
    ))  # fmt: skip
    assert [s.version for s in Book(known, POLICY, ALL).open_releases()] == ["2.5", "2.4"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("acme/api#101", Lookups(number=101, objects=("change:acme/api#101", "ticket:acme/api#101"))),
        ("#101", Lookups(number=101)),
        ("release 2.4", Lookups(keys=("2.4",))),
        ("", Lookups()),
    ],
)
def test_what_must_be_looked_up_is_told_beforehand(text, expected):
    assert lookups(text, POLICY, ALL) == expected


def test_a_products_release_is_looked_up_under_every_spelling():
    assert {"2.4", "checkout 2.4", "checkout-v2.4"} <= set(lookups("checkout 2.4", POLICY, ALL).keys)


def test_a_channel_is_about_its_products_and_those_of_its_team():
    assert channel_products(POLICY, "C1") == ("checkout",)
    assert channel_products(POLICY, "C9") == channel_products(POLICY, None) == ()


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_is_an_error(text):
    assert isinstance(found(text, named("2.4"), changes=["change:acme/api#1"]), Subject | Candidates)
    lookups(text, POLICY, ALL)
