"""What do the marks of AI say, and what do they not?"""

from datetime import date

import pytest

from storage import attribution
from storage.attribution.rules import RULES, Where

DAY = date(2026, 9, 14)
NOREPLY = "users.noreply.github.com"


def commit(message="Fix rounding", name="Anna", address="anna@acme.example", on=DAY):
    return attribution.of_commit(message, name, address, on)


def change(account="", branch="euros", body="", on=DAY):
    return attribution.of_change(account, branch, body, on)


def surest(marks):
    return max((one.confidence for one in marks.evidence), default=None)


@pytest.mark.parametrize(
    ("address", "confidence"),
    [
        (f"198982749+Copilot@{NOREPLY}", 0.95),
        (f"1234+copilot-swe-agent[bot]@{NOREPLY}", 0.95),
        (f"223556219+Copilot@{NOREPLY}", 0.75),
        (f"175728472+Copilot@{NOREPLY}", 0.25),
        (f"62310815+github-advanced-security[bot]@{NOREPLY}", 0.25),
        (f"223894421+github-code-quality[bot]@{NOREPLY}", 0.25),
        ("copilot@github.com", 0.5),
        (f"158243242+devin-ai-integration[bot]@{NOREPLY}", 0.95),
        ("cursoragent@cursor.com", 0.95),
        (f"206951365+cursor[bot]@{NOREPLY}", 0.95),
        ("noreply@anthropic.com", 0.85),
        (f"209825114+claude[bot]@{NOREPLY}", 0.9),
        (f"242468646+claude@{NOREPLY}", 0.9),
        ("noreply@openai.com", 0.9),
        ("codex@openai.com", 0.9),
        (f"199175422+chatgpt-codex-connector[bot]@{NOREPLY}", 0.9),
        (f"161369871+google-labs-jules[bot]@{NOREPLY}", 0.9),
        (f"138933559+factory-droid[bot]@{NOREPLY}", 0.9),
        ("amp@ampcode.com", 0.9),
        ("noreply@aider.chat", 0.85),
        ("openhands@all-hands.dev", 0.85),
        ("noreply@opencode.ai", 0.85),
        ("roomote@roocode.com", 0.85),
    ],
)
def test_an_agents_address_speaks_whoever_writes_it_in_whatever_case(address, confidence):
    assert surest(commit(address=address.upper())) == confidence
    account = (
        attribution.account_address(address.partition("+")[2].partition("@")[0], int(address.partition("+")[0]))
        if "+" in address
        else address
    )
    assert surest(change(account=account)) == confidence


@pytest.mark.parametrize(
    ("line", "confidence"),
    [
        ("Co-authored-by: Claude Opus <noreply@anthropic.com>", 0.85),
        ("Co-Authored-By: Cursor <cursoragent@cursor.com>", 0.8),
        ("co-authored-by: Copilot <223556219+Copilot@users.noreply.github.com>", 0.75),
        ("Agent-Logs-Url: https://github.com/acme/api/sessions/1", 0.95),
        ("Made-with: Cursor", 0.7),
        ("\U0001f916 Generated with [Claude Code](https://claude.com/claude-code)", 0.85),
        ("Generated with Claude Code", 0.85),
        ("Claude-Session: 0123", 0.8),
        ("Amp-Thread-ID: T-1", 0.9),
        ("Assisted-by: Gemini", 0.6),
        ("Assisted-by: Gemini (model: gemini-3)", 0.6),
        ("Assisted-by: Gemini (model: gemini-3, supervised)", 0.6),
        ("Assisted-by: Gemini (model: gemini-3, autonomous)", 0.85),
    ],
)
def test_a_line_speaks_wherever_it_stands_in_the_message(line, confidence):
    squashed = f"Take payments in euros (#7)\r\n\r\n* Round halves\r\n\r\n{line}\r\n\r\n* Fix the tests\r\n"
    assert surest(commit(squashed)) == confidence
    assert surest(change(body=squashed)) == confidence


@pytest.mark.parametrize(
    ("branch", "confidence"),
    [
        ("codex/fix-rounding", 0.85),
        ("refs/heads/copilot/fix-1", 0.85),
        ("Devin/1699-euros", 0.85),
        ("claude/euros", 0.85),
        ("cursor-euros", 0.7),
        ("ai/euros", 0.4),
        ("agent/euros", 0.4),
        ("euros", None),
        ("feature/claude/euros", None),
        ("aim/higher", None),
        ("air-travel", None),
        ("cursors/blink", None),
    ],
)
def test_a_branch_speaks_by_how_it_begins(branch, confidence):
    assert surest(change(branch=branch)) == confidence


@pytest.mark.parametrize(
    "address",
    [
        "jane@anthropic.com",
        "sam@openai.com",
        "notnoreply@openai.com",
        "mary@cursor.com",
        "dev@startup.ai",
        "jane+claude@acme.example",
        f"7654321+claude@{NOREPLY}",
        f"123+copilot-fan@{NOREPLY}",
        "noreply@example.com",
        "your-email@example.com",
        "noreply@anthropic.com.evil.example",
        "noreply@github.com",
    ],
)
def test_people_with_suspicious_addresses_are_not_taken_for_ai(address):
    assert commit(address=address).evidence == ()
    assert commit(f"Fix\n\nCo-authored-by: Claude <{address}>").evidence == ()


@pytest.mark.parametrize("name", ["Claude Monet", "Devin Booker", "Copilot", "Cursor", "(aider) fan"])
def test_a_bare_name_is_never_evidence(name):
    assert commit(f"Fix\n\nCo-authored-by: {name} <x@acme.example>", name=name).evidence == ()


def test_aider_signs_by_ending_the_authors_name():
    assert surest(commit(name="Anna (aider)")) == 0.85


def test_one_accepted_suggestion_says_little_of_a_whole_squash_merge():
    marks = commit(f"Euros (#7)\n\nCo-authored-by: Copilot <175728472+Copilot@{NOREPLY}>")
    assert [(one.confidence, one.whole) for one in marks.evidence] == [(0.25, False)]


def test_words_about_a_tool_are_no_mark_of_it():
    assert commit("Write down how we use Claude Code and Cursor\n\nNot generated with Claude Code.").evidence == ()
    assert change(body="> Generated with Claude Code\n\nI wrote this again by hand.").evidence == ()


@pytest.mark.parametrize(
    ("day", "confidence"),
    [
        (date(2026, 4, 15), 0.5),
        (date(2026, 4, 16), 0.1),
        (date(2026, 5, 31), 0.1),
        (date(2026, 6, 1), 0.5),
        (None, None),
    ],
)
def test_the_editors_trailer_counts_less_while_it_was_on_by_default(day, confidence):
    assert surest(commit("Fix\n\nCo-authored-by: Copilot <copilot@github.com>", on=day)) == confidence


@pytest.mark.parametrize(
    "address",
    [
        f"49699333+dependabot[bot]@{NOREPLY}",
        f"29139614+renovate[bot]@{NOREPLY}",
        f"41898282+github-actions[bot]@{NOREPLY}",
        f"41898282+claude[bot]@{NOREPLY}",
        f"66853113+pre-commit-ci[bot]@{NOREPLY}",
        f"55107282+release-please[bot]@{NOREPLY}",
        "support@dependabot.com",
        "snyk-bot@snyk.io",
        "bot@renovateapp.com",
    ],
)
def test_update_bots_are_neither_ai_nor_human(address):
    marks = commit("Bump x\n\nCo-authored-by: Claude <noreply@anthropic.com>", address=address)
    assert marks.automation
    assert marks.evidence == ()
    assert not commit(f"Fix\n\nCo-authored-by: bot <{address}>").automation


def test_the_signers_are_the_author_and_the_co_authors_each_once_in_lower_case():
    message = "Fix\n\nCo-authored-by: Ben <Ben@acme.example>\nCo-authored-by: Ben <ben@acme.example>"
    assert commit(message, address="Anna@acme.example").signers == ("anna@acme.example", "ben@acme.example")


def test_configured_labels_declare_ai_work():
    found = attribution.of_labels(["bug", "AI-Generated"], ("ai-generated",))
    assert [(one.rule, one.confidence, one.whole) for one in found] == [("label", 0.6, True)]
    assert attribution.of_labels(["bug"], ("ai-generated",)) == ()


def test_an_organisation_adds_its_own_identities_with_one_wildcard():
    own = (("*-agent@acme.example", 0.9), ("acme-robot[bot]", 0.8))
    assert [one.confidence for one in attribution.of_identities(["Build-Agent@acme.example"], own, whole=False)] == [
        0.9
    ]
    assert [one.confidence for one in attribution.of_identities(["acme-robot[bot]"], own, whole=True)] == [0.8]
    assert attribution.of_identities(["agent@acme.example", "acme-robotb"], own, whole=False) == ()
    assert attribution.of_identities(["x@acme.example"], (), whole=False) == ()


def test_every_rule_has_its_own_id_and_a_confidence_between_nothing_and_certainty():
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(0 < rule.confidence <= 1 for rule in RULES)


def test_the_word_of_a_rule_is_lower_case_as_the_texts_are_that_it_is_looked_for_in():
    assert all(rule.word and rule.word == rule.word.lower() for rule in RULES)
    assert {rule.where for rule in RULES} == set(Where)


@pytest.mark.timeout(5)
@pytest.mark.parametrize("piece", ["\n", "co-authored-by: ", "assisted-by: ", " ", "generated with ", "<"])
def test_a_hostile_text_takes_no_long_time(piece):
    commit("co-authored-by:" + piece * (100_000 // len(piece)))
