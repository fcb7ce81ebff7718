"""What do words ask for, and whose words count?"""

import pytest

from storage.intake.directives import NONE, directives, worked_on

SHA = "1f0c3a5e7b9d2f4a6c8e0b1d3f5a7c9e2b4d6f80"


def read(text, association="MEMBER"):
    return directives(text, "acme/api", association)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Depends-On: https://github.com/acme/ledger/pull/12", ("change:acme/ledger#12",)),
        ("depends on #12", ("change:acme/api#12",)),
        ("depends on Acme/API#12", ("change:acme/api#12",)),
        ("- Depends-On: acme/ledger#12", ("change:acme/ledger#12",)),
        ("**Depends-On:** #12, #13", ("change:acme/api#12", "change:acme/api#13")),
        ("Depends-On: #12\r\nDepends-On: #12\r\nDepends-On: #14", ("change:acme/api#12", "change:acme/api#14")),
        ("Blocked by https://github.example/acme/ledger/issues/3", ("ticket:acme/ledger#3",)),
        ("This no longer depends on #12", ()),
        ("Depends-On: the weather", ()),
    ],
)
def test_depends_on_stands_at_the_start_of_a_line(text, named):
    assert read(f"Adds euros.\n\n{text}\n").depends_on == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Closes #5", ("ticket:acme/api#5",)),
        ("This fixes acme/web#5 and resolves #6.", ("ticket:acme/web#5", "ticket:acme/api#6")),
        ("fixed: https://github.com/acme/web/issues/9", ("ticket:acme/web#9",)),
        ("A prefix #5", ()),
        ("See #5", ()),
    ],
)
def test_closing_words_name_the_ticket_they_stand_before(text, named):
    assert read(text).closes == named


def test_a_revert_names_the_change_or_the_commit_it_takes_back():
    assert read("Reverts acme/api#101").reverts == ("change:acme/api#101",)
    assert read(f"This reverts commit {SHA}.").reverts == (f"commit:acme/api@{SHA}",)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"Root cause: {SHA}", (f"commit:acme/api@{SHA}",)),
        ("root cause: 1f0c3a5", ("commit:acme/api@1f0c3a5",)),
        (f"**Root cause:** https://github.com/acme/api/commit/{SHA}", (f"commit:acme/api@{SHA}",)),
        ("Caused by #101", ("change:acme/api#101",)),
        ("Root cause: a defaced config", ()),
        ("The root cause is unknown", ()),
    ],
)
def test_a_root_cause_is_a_commit_or_a_change(text, named):
    assert read(text).root_causes == named


def test_part_of_names_what_a_ticket_belongs_to():
    assert read("Part of #1").part_of == ("ticket:acme/api#1",)


@pytest.mark.parametrize("association", ["CONTRIBUTOR", "FIRST_TIME_CONTRIBUTOR", "NONE", "MANNEQUIN", None, ""])
def test_strangers_direct_nothing(association):
    assert read("Depends-On: #12\nCloses #5\nRoot cause: 1f0c3a5", association) == NONE


@pytest.mark.parametrize("association", ["OWNER", "MEMBER", "COLLABORATOR"])
def test_owners_members_and_collaborators_direct(association):
    assert read("Depends-On: #12", association).depends_on == ("change:acme/api#12",)


@pytest.mark.parametrize(
    "text",
    [
        "```\nDepends-On: #12\n```",
        "```\nDepends-On: #12",
        "<!-- for example\nDepends-On: #12 -->",
        "> Depends-On: #12",
        "Write `closes #5` to close it",
    ],
)
def test_code_quotes_and_hidden_comments_direct_nothing(text):
    assert read(text) == NONE


@pytest.mark.parametrize("text", [None, "", "Nothing to see."])
def test_no_words_ask_for_nothing(text):
    assert read(text) == NONE


@pytest.mark.timeout(5)
@pytest.mark.parametrize("piece", ["`", "```", "<!--", "a", "a/", "depends on ", "\n", "fix #1 ", " ", "0", "- "])
def test_a_hostile_text_takes_no_long_time(piece):
    read("depends on " + piece * (100_000 // len(piece)))


# Tickets of Jira's


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Fixes SHOP-12", ("ticket:jira/SHOP#12",)),
        ("closes https://acme.atlassian.net/browse/SHOP-12, resolves #5", ("ticket:jira/SHOP#12", "ticket:acme/api#5")),
        ("Fixes https://jira.acme.example/jira/browse/PAY2-3", ("ticket:jira/PAY2#3",)),
        ("fixes UTF-8 and closes CVE-2026-1234, resolves SHA-256", ()),
        ("fixes shop-12", ()),
        ("Fixes SHOP-1-2", ()),
        ("`fixes SHOP-12`", ()),
    ],
)
def test_closing_words_may_name_a_ticket_of_jira(text, named):
    assert read(text).closes == named


def test_so_may_what_it_depends_on_and_is_part_of():
    assert read("Depends on: SHOP-12, #7").depends_on == ("ticket:jira/SHOP#12", "change:acme/api#7")
    assert read("Part of SHOP-1").part_of == ("ticket:jira/SHOP#1",)
    assert read("Fixes SHOP-12", "NONE") == NONE


@pytest.mark.parametrize(
    ("title", "branch", "named"),
    [
        ("SHOP-12: Retry the payment", "retry", ("ticket:jira/SHOP#12",)),
        ("Retry [SHOP-12] [SHOP-13]", "feature/SHOP-12-retry", ("ticket:jira/SHOP#12", "ticket:jira/SHOP#13")),
        ("Retry the payment", "SHOP-14_retry", ()),
        ("Retry the payment", "SHOP-14-retry", ("ticket:jira/SHOP#14",)),
        ('Revert "SHOP-12: Retry the payment"', "revert-7-SHOP-12", ()),
        ("Read UTF-8", "patch-1", ()),
        (None, None, ()),
    ],
)
def test_a_change_works_on_the_tickets_that_its_title_and_its_branch_name(title, branch, named):
    assert worked_on(title, branch) == named
