"""Does a person read what the answer says, and nothing that a title made of it?"""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import rendering
from assistant.blockers.blocker import BlockerKind, Owner, Remaining
from assistant.blocks import MOST_BLOCKS, MOST_IN_ALL
from assistant.forecast import Earliest
from assistant.router import Unclear
from assistant.since import Difference, Since
from assistant.subject import Option, SubjectKind
from assistant.unknowns import Unknown
from assistant.verdicts import Verdict
from assistant.viewer import Viewer
from storage.records import Freeze
from tests.answers import (
    CHECKOUT,
    NOW,
    a_blocker,
    a_waiver,
    blocking_answer,
    releases_answer,
    some_candidates,
)

ANNA = Viewer("person/anna", "Anna Berg", "Europe/Berlin")
CHANNEL = Viewer("channel/C1", "Anna Berg", "Europe/Berlin", channel="C1")
OURS = re.compile(r"<https?://[^<>|\s]+\|[^<>|\n]*>")
HOSTILE = (
    "<!channel>", "<!here>", "<@U1>", "<#C1>", "<http://evil.example|Sign in>", "http://x|y", "&lt;!channel&gt;",
    "🎉👩\u200d💻", "\u202eevil\u2066", "שלום", "a\nb\r\nc", "\x00\x07", "\ud800", "*_~`", "x" * 10_000, "<" * 10_000,
    "&" * 3_000, "ש" * 5_000, '"' * 4_000, "%}{{ 7*7 }}",
)  # fmt: skip
hostile = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(st.sampled_from(HOSTILE[:14]), max_size=6).map("".join),
    st.text(max_size=80),
)


def read(message) -> str:
    """All that a person reads in the blocks of a message, block by block, with what is on the buttons in brackets."""
    return "\n".join(filter(None, (shown(block) for block in message.blocks)))


def shown(block) -> str:
    match block["type"]:
        case "header":
            return block["text"]["text"]
        case "section":
            beside = f" [{block['accessory']['text']['text']}]" if "accessory" in block else ""
            return block["text"]["text"] + beside
        case "context":
            return " ".join(element["text"] for element in block["elements"])
        case "actions":
            return " ".join(f"[{element['text']['text']}]" for element in block["elements"])
    return ""


def texts(value):
    """Every text object in blocks, at any depth."""
    if isinstance(value, dict):
        if value.get("type") in {"mrkdwn", "plain_text"}:
            yield value
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)


def assert_slack_takes(message):
    """Hold a message against every limit, and its markup against everything that Slack would parse."""
    assert message.text.strip()
    assert len(message.blocks) <= MOST_BLOCKS
    assert sum(len(text["text"]) for text in texts(message.blocks)) + len(message.text) <= MOST_IN_ALL
    for markup in [message.text, *(t["text"] for t in texts(message.blocks) if t["type"] == "mrkdwn")]:
        assert len(markup) <= 3_000
        rest = OURS.sub("", markup)
        assert "<" not in rest
        assert ">" not in rest
        assert "&" not in re.sub(r"&(amp|lt|gt);", "", rest)
        assert not re.search(r"[\u202a-\u202e\u2066\u2067\u200b\x00\ud800-\udfff]", markup)
        assert markup.count("\u2068") == markup.count("\u2069")
    for block in message.blocks:
        assert_block(block)
    json.dumps(message.blocks, ensure_ascii=False).encode()


def assert_block(block):
    buttons = [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else [])]
    for button in (b for b in buttons if b["type"] == "button"):
        assert 0 < len(button["text"]["text"]) <= 75
        assert len(button["value"]) <= 2_000
        json.loads(button["value"])
    if block["type"] == "header":
        assert 0 < len(block["text"]["text"]) <= 150
    if block["type"] == "context":
        assert 0 < len(block["elements"]) <= 10
    if block["type"] == "actions":
        ids = [button["action_id"] for button in block["elements"]]
        assert 0 < len(ids) <= 25
        assert len(ids) == len(set(ids))


def hostile_answer(text: str, count: int = 120):
    """An answer in which every word that somebody wrote is this text."""
    owner = Owner("github/x", text)
    url = text if text.startswith("http") else f"https://example.com/{text}"
    blockers = tuple(
        replace(
            a_blocker(n), title=text, subject=text, object=f"change:{text[:150]}#{n}", url=url, owners=(owner,) * 3,
            detail=text, origin=text, risk=text, ends_at=NOW, waits_for_second=True,
            remaining=Remaining("estimate", NOW, NOW, 0, text),
        )
        for n in range(count)
    )  # fmt: skip
    return blocking_answer(
        subject=replace(CHECKOUT, name=text, words=text[:200]), because=text, owner=owner, blockers=blockers,
        accepted_risks=tuple(
            a_waiver(blocker=blockers[0] if blockers else a_blocker(), by=owner, second=owner, reason=text, deferred_to=text)
            for _ in range(9)
        ),
        since=Since(NOW, tuple(Difference(what, text, text, text) for what in ("new", "cleared", "changed", "verdict") * 3)),
        risks=(text,) * 7, conflicts=(text,) * 7, unknown=(Unknown("k", text, text),) * 9,
        freshness={text[:50] + str(n): NOW for n in range(30)}, state=text,
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(hostile)
def test_whatever_people_wrote_stays_plain_text_within_the_limits(text):
    answer = hostile_answer(text)
    for viewer in (ANNA, CHANNEL):
        assert_slack_takes(rendering.render(answer, viewer, NOW))
        assert_slack_takes(rendering.render(answer, viewer, NOW, screen="all", page=20))
    rows = tuple(
        replace(row, subject=replace(row.subject, name=text, words=text[:200])) for row in releases_answer(60).releases
    )
    listed = releases_answer(releases=rows, more=3, unknown=answer.unknown, freshness=answer.freshness)
    assert_slack_takes(rendering.render(listed, ANNA, NOW))
    options = (Option(text, text[:200], SubjectKind.TEAM),) * 30
    assert_slack_takes(rendering.render(some_candidates(asked=text, question=text, options=options), ANNA, NOW))
    assert_slack_takes(rendering.notice(text or "x"))
    assert_slack_takes(rendering.unclear(Unclear(text or "x", (text,) * 9), ANNA, NOW))
    assert_slack_takes(rendering.shared(rendering.render(answer, CHANNEL, NOW), text, CHANNEL, NOW))
    assert_slack_takes(rendering.proposal(text or "x", ANNA, NOW, again={"act": "defer"}))
    assert_slack_takes(rendering.proposal(text or "x", ANNA, NOW, outcome=text))
    freeze = Freeze("freeze:x", (text,) * 20, NOW, NOW, text, "person/anna")
    assert "<" not in OURS.sub("", rendering.words_for("decisions", ANNA, NOW)("freeze", freeze))


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("screen", ["first", "all"])
def test_every_verdict_renders_with_nothing_known_at_all(verdict, screen):
    bare = blocking_answer(
        verdict=verdict, because="", state=None, owner=None, target=None, earliest=None, blockers=(), accepted_risks=(),
        risks=(), since=None, unknown=(), freshness={},
    )  # fmt: skip
    message = rendering.render(bare, ANNA, NOW, screen=screen)
    assert_slack_takes(message)
    assert "checkout 2.4" in message.text


@pytest.mark.parametrize("kind", list(BlockerKind))
def test_every_kind_of_blocker_has_words_of_its_own(kind):
    _, told, _ = first_item(kind=kind)
    assert re.match(r"[A-Z][a-z ,]+( \(hard gate\))?\. Next: ", told)


def test_the_first_screen_says_what_a_product_manager_asks():
    said = read(rendering.render(blocking_answer(), ANNA, NOW))
    assert said.startswith("🔴 checkout 2.4 is late\nThe 50% date is after the target.\n")
    assert "\nTarget *Fri 13 Nov 11:04*. Earliest: *Thu 19 Nov* (50% sure), *Tue 24 Nov* (85% sure).\n" in said
    assert "\nOwner: Anna Berg.\n" in said
    assert (
        "*1. Speed up quote cache 101* <https://github.com/acme/api/pull/101|acme/api#101>\n"
        "Review pending. Next: review it. Origin: mostly AI. Risk: high.\n"
        "Anna Berg, since Mon 2 Nov 10:04 (9 working hours, 1 day by the calendar), over its service level of 8 hours. "
        "[Wrong?]\n"
    ) in said
    assert "*3. Speed up" in said
    assert "*4. Speed up" not in said
    assert "acme/api#90> by Anna Berg and Bo until Thu 12 Nov: rolled out behind a flag" in said
    assert "*Since you looked Sun 1 Nov 11:04*\n• new: acme/api#101 (review pending)" in said
    assert "• 12 of 40 recent changes have no release. Give them a milestone.\n" in said
    assert "• 3 of 9 active people are not mapped.\n" in said
    assert "\nNewest event: github today 10:59.\n" in said
    assert said.endswith("[Show all 5] [Share in channel] [Decide…] [Edit release…] [Hand off…]")


@pytest.mark.parametrize(
    ("verdict", "headline"),
    [
        (Verdict.BLOCKED, "⛔ checkout 2.4 is blocked"), (Verdict.LATE, "🔴 checkout 2.4 is late"),
        (Verdict.AT_RISK, "🟠 checkout 2.4 is at risk"), (Verdict.ON_TRACK, "🟢 checkout 2.4 is on track"),
        (Verdict.READY, "🟢 checkout 2.4 is ready"), (Verdict.NOT_READY, "🟠 checkout 2.4 is not ready"),
        (Verdict.UNKNOWN, "❔ checkout 2.4: not known yet"),
    ],
)  # fmt: skip
def test_the_headline_is_a_sentence(verdict, headline):
    assert read(rendering.render(blocking_answer(verdict=verdict), ANNA, NOW)).splitlines()[0] == headline


def first_item(**more) -> list[str]:
    """The lines of the only item of an answer, without its button."""
    said = read(rendering.render(blocking_answer(blockers=(a_blocker(**more),)), ANNA, NOW))
    return said[said.index("*1.") : said.index(" [Wrong?]")].splitlines()


def test_what_waits_since_today_has_one_duration():
    (*_, mover) = first_item(waiting_since=NOW - timedelta(minutes=55), waiting_hours=0.9)
    assert mover == "Anna Berg, since today 10:09 (under 1 working hour)."


@pytest.mark.parametrize("origin", ["unknown", None])
def test_an_origin_that_nobody_knows_is_left_out(origin):
    assert first_item(origin=origin, risk=None)[1] == "Review pending. Next: review it."


def test_an_origin_that_nobody_knows_is_said_where_it_decides_how_long_is_too_long():
    (*_, mover) = first_item(origin="unknown", level=8.0, level_by_origin=True)
    assert mover.endswith("over its service level of 8 hours (origin not known).")


def test_a_title_s_own_asterisks_do_not_end_the_bold():
    assert first_item(title="Price table with *new* zones")[0].startswith(
        "*1. Price table with \u2217new\u2217 zones* <"
    )


def test_what_has_no_number_and_no_address_is_its_title_alone():
    gate = first_item(kind=BlockerKind.FREEZE, title="Deployment freeze", subject="api@2026", url=None, ends_at=NOW)
    assert gate[0] == "*1. Deployment freeze*"
    assert gate[1].startswith("Deployment freeze (hard gate). Next: review it. Ends today 11:04.")


def test_a_source_that_was_not_heard_today_says_its_age():
    said = read(rendering.render(blocking_answer(freshness={"github": NOW - timedelta(days=4)}), ANNA, NOW))
    assert "Newest event: github Fri 30 Oct 11:04 (4 days ago)." in said


def test_how_late_it_may_get_is_not_known_where_there_is_no_later_date():
    said = read(rendering.render(blocking_answer(earliest=Earliest(NOW, None), target=None), ANNA, NOW))
    assert "No target is set. Earliest: *Tue 3 Nov* (50% sure); how late it may get is not known." in said


def test_what_a_screen_reader_reads_is_the_same():
    message = rendering.render(blocking_answer(), ANNA, NOW)
    assert message.text.startswith("🔴 checkout 2.4 is late\n")
    assert "*1. Speed up quote cache 101* <" in message.text


def test_nobody_s_blocker_is_said_to_be_nobody_s():
    assert first_item(owners=())[2].startswith("*No owner*, since Mon 2 Nov 10:04 (9 working hours")


def test_no_blocker_and_nothing_known_is_no_good_news():
    said = read(rendering.render(blocking_answer(blockers=(), verdict=Verdict.UNKNOWN, earliest=None), ANNA, NOW))
    assert "that alone is no good news" in said
    assert "Earliest: not known." in said
    assert "Nothing blocks it" not in said


def test_without_blockers_there_is_nothing_to_show_more_of():
    said = read(rendering.render(blocking_answer(blockers=(), verdict=Verdict.READY), ANNA, NOW))
    assert "Nothing blocks it." in said
    assert "Show all" not in said


def test_what_shipped_says_when_it_will_be_stable():
    shipped = blocking_answer(shipped_at=NOW, stable_at=NOW + timedelta(days=7), state="stabilizing", blockers=())
    said = read(rendering.render(shipped, ANNA, NOW))
    assert "Target *Fri 13 Nov 11:04*. Shipped *today 11:04*, stable Tue 10 Nov 11:04 if nothing happens." in said
    assert "State: stabilizing, owner Anna Berg." in said


def test_a_hard_gate_and_a_waiver_that_waits_are_named():
    _, gate, _ = first_item(kind=BlockerKind.INCIDENT_OPEN, waits_for_second=True)
    assert gate.startswith("Open incident (hard gate). Next: ")
    assert gate.endswith(" Letting it pass waits for a second person.")


def test_somebody_s_estimate_is_said_to_be_theirs():
    estimated = a_blocker(remaining=Remaining("estimate", NOW, NOW, 0, "Bo Cole"))
    assert "Bo Cole expects it to be gone by today 11:04." in read(
        rendering.render(blocking_answer(blockers=(estimated,)), ANNA, NOW)
    )


def test_nothing_changed_is_said_too():
    assert "nothing changed" in read(rendering.render(blocking_answer(since=Since(NOW, ())), ANNA, NOW))


def test_a_channel_reads_since_when_it_was_posted_there():
    assert "*Since it was posted here Sun 1 Nov 11:04*" in read(rendering.render(blocking_answer(), CHANNEL, NOW))


def test_what_a_channel_reads_has_no_button_that_answers_one_person_only():
    message = rendering.shared(rendering.render(blocking_answer(), CHANNEL, NOW), "Anna <!here>", CHANNEL, NOW)
    said = read(message)
    assert said.splitlines()[1].startswith("Shared by Anna &lt;!here&gt;, as of today 11:04 (Europe/Berlin)")
    assert "[Wrong?]" not in said
    assert said.endswith("[Show all 5]")
    assert "as of today 11:04" in message.text


def test_every_blocker_is_reached_page_by_page():
    answer = blocking_answer(blockers=tuple(a_blocker(n, title="<" * 120) for n in range(70)))
    seen, start = [], 0
    while start is not None:
        message = rendering.render(answer, ANNA, NOW, screen="all", page=start)
        assert_slack_takes(message)
        seen += [json.loads(b["accessory"]["value"])["blocker"] for b in message.blocks if "accessory" in b]
        turns = {b["text"]["text"]: json.loads(b["value"]) for b in message.blocks[-1]["elements"]}
        start = next((turn["start"] for label, turn in turns.items() if label.startswith("Next")), None)
    assert seen == [f"change:acme/api#{n}" for n in range(70)]


def test_a_page_beyond_the_end_is_the_last_blocker():
    message = rendering.render(blocking_answer(), ANNA, NOW, screen="all", page=99)
    assert "5 to 5 of 5 blockers" in read(message)


def test_every_blocker_says_what_it_is_when_it_is_called_wrong():
    message = rendering.render(blocking_answer(), ANNA, NOW, screen="all")
    carried = [json.loads(b["accessory"]["value"]) for b in message.blocks if "accessory" in b]
    assert carried[0] == {"blocker": "change:acme/api#101", "release": "release:checkout@2.4"}
    assert len(carried) == 5


def test_what_is_no_release_offers_no_decisions():
    service = replace(CHECKOUT, kind=SubjectKind.SERVICE, name="api", words="service api", object=None)
    said = read(rendering.render(blocking_answer(subject=service), ANNA, NOW))
    assert said.endswith("[Show all 5] [Share in channel] [Hand off…]")


def test_what_nothing_is_handed_off_about_offers_none_of_that():
    team = replace(CHECKOUT, kind=SubjectKind.TEAM, name="core", words="team core", object=None)
    said = read(rendering.render(blocking_answer(subject=team), ANNA, NOW))
    assert said.endswith("[Show all 5] [Share in channel]")


def test_releases_are_listed_with_their_verdicts_and_a_way_to_what_blocks_them():
    said = read(rendering.render(releases_answer(more=4), ANNA, NOW))
    assert said.startswith(
        "6 open releases\n"
        "🟢 *checkout 2.0* is on track\n"
        "Target *today 11:04*. Earliest: *Tue 3 Nov* (50% sure); how late it may get is not known. 3 blockers. "
        "[What blocks it?]\n"
    )
    assert "and 4 more releases" in said


def test_no_open_release_says_what_to_do():
    assert "No release is open. Plan one with `/release`" in read(rendering.render(releases_answer(0), ANNA, NOW))


def test_a_name_that_fits_several_things_gives_a_question_back():
    message = rendering.render(some_candidates(), ANNA, NOW)
    assert read(message).splitlines() == [
        '"2.x" could mean several things. Which one?',
        "[Release checkout 2.4] [Service api]",
        "Or write the name in full, like `release checkout 2.4`.",
    ]
    assert json.loads(message.blocks[1]["elements"][1]["value"]) == {"about": "service api"}


def test_with_nothing_to_offer_the_next_step_is_said():
    said = read(rendering.render(some_candidates(asked="", options=()), ANNA, NOW))
    assert "they come with the first webhooks, an import, or `/release`" in said


def test_a_confirmation_carries_all_that_is_to_be_confirmed():
    message = rendering.proposal("Anna asks", ANNA, NOW, again={"act": "defer", "to": "release:checkout@2.5"})
    assert "somebody else has to confirm" in read(message)
    assert json.loads(message.blocks[-1]["elements"][0]["value"])["to"] == "release:checkout@2.5"


def test_what_became_of_a_proposal_takes_its_button_away():
    message = rendering.proposal("Anna asks", ANNA, NOW, outcome="Confirmed.")
    assert read(message) == "Anna asks\nConfirmed."


@pytest.mark.parametrize(
    ("state", "said"),
    [("shipped", "today 11:04*, whether it is stable is not known."), ("stable", "*, stable since Fri 30 Oct 11:04.")],
)
def test_no_date_in_the_past_is_promised(state, said):
    over = blocking_answer(shipped_at=NOW, stable_at=NOW - timedelta(days=4), state=state, blockers=())
    assert said in read(rendering.render(over, ANNA, NOW))
