"""Does a message of Slack blocks look right in a terminal and in a pipe?"""

import io

from commands.terminal.painting import paint

TABLE = {
    "type": "table",
    "column_settings": [{"align": "left"}, {"align": "right"}],
    "rows": [
        [{"type": "raw_text", "text": "Change"}, {"type": "raw_text", "text": "Waiting"}],
        [
            {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
                {"type": "link", "url": "https://forge.test/101", "text": "acme/api#101"},
                {"type": "text", "text": " by anna", "style": {"bold": True}}]}]},
            {"type": "raw_text", "text": "12 h"},
        ],
    ],
}  # fmt: skip


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def section(text: str) -> dict:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def header(text: str) -> dict:
    return {"type": "header", "text": {"type": "plain_text", "text": text}}


def piped(*blocks: dict, **kwargs) -> str:
    out = io.StringIO()
    paint(blocks, out, **kwargs)
    return out.getvalue()


def on_screen(monkeypatch, *blocks: dict, **kwargs) -> str:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    out = Screen()
    paint(blocks, out, width=100, **kwargs)
    return out.getvalue()


def test_a_pipe_gets_plain_words_without_escapes(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = piped(header("Release 2.4"), section("*late*: <https://forge.test/1|#1>"), verdict="late")
    assert shown == "Release 2.4\nlate: #1 (https://forge.test/1)\n"


def test_a_long_line_in_a_pipe_is_left_whole():
    assert piped(section("word " * 100)).count("\n") == 1


def test_a_heading_has_the_colour_of_the_verdict(monkeypatch):
    assert "\x1b[1;31mRelease 2.4" in on_screen(monkeypatch, header("Release 2.4"), verdict="late")
    assert "\x1b[1;32mRelease 2.4" in on_screen(monkeypatch, header("Release 2.4"), verdict="on_track")
    assert "\x1b[1mRelease 2.4" in on_screen(monkeypatch, header("Release 2.4"), verdict="unknown")


def test_a_link_can_be_followed_on_a_screen(monkeypatch):
    shown = on_screen(monkeypatch, section("<https://forge.test/1|#1>"))
    assert ";https://forge.test/1\x1b\\#1\x1b]8;;\x1b\\" in shown


def test_context_is_dim(monkeypatch):
    block = {"type": "context", "elements": [{"type": "mrkdwn", "text": "as of 09:00"}]}
    assert "\x1b[2mas of 09:00" in on_screen(monkeypatch, block)


def test_a_table_lines_up_its_columns():
    head, _, row, *_ = [line for line in piped(TABLE, width=80).splitlines() if line.strip()]
    assert head.split() == ["Change", "Waiting"]
    assert "acme/api#101 (https://forge.test/101) by anna" in row
    assert head.rstrip().endswith("Waiting")
    assert row.rstrip().endswith("12 h")
    assert len(head.rstrip()) == len(row.rstrip())


def test_a_tables_links_can_be_followed(monkeypatch):
    assert ";https://forge.test/101\x1b\\acme/api#101" in on_screen(monkeypatch, TABLE)


def test_fields_images_and_markdown_are_read_too():
    fields = {
        "type": "section",
        "fields": [{"type": "mrkdwn", "text": "*Owner*"}, {"type": "plain_text", "text": "anna"}],
    }
    image = {"type": "image", "alt_text": "a chart", "image_url": "https://x.test/c.png"}
    shown = piped(fields, image, {"type": "divider"}, {"type": "markdown", "text": "more"})
    assert shown.splitlines() == ["Owner", "anna", "[a chart]", "─" * 40, "more"]


def test_buttons_and_kinds_nobody_knows_are_left_out():
    assert piped({"type": "actions", "elements": []}, {"type": "hologram"}, {}) == ""


def test_rich_markup_in_a_title_is_text():
    assert piped(header("[red]fix[/red] :warning:")) == "[red]fix[/red] :warning:\n"


def test_a_hostile_title_cannot_move_the_cursor(monkeypatch):
    evil = "\x1b[2J\x1b[1;1Howned\r\x9b2K\x1b]0;title\x07"
    shown = on_screen(monkeypatch, header(evil), section(evil), section(f"<https://forge.test/{evil}|x>"))
    assert "\x1b[2J" not in shown
    assert "\x1b]0;" not in shown
    assert not any(character in shown for character in "\r\x9b\x07")
