"""Do the logs say enough to find a failure, and nothing that is secret or that a person wrote?"""

import io
import json
import logging

import psycopg
import pytest
import structlog
from sqlalchemy.exc import StatementError

from commands import logs


@pytest.fixture
def out():
    stream = io.StringIO()
    logs.configure(stream)
    return stream


def lines(out: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_log_is_one_json_object_a_line_with_what_was_named(out):
    structlog.get_logger("lastmile").info("serving", action="start", port=8080)
    (line,) = lines(out)
    assert {"event": "serving", "action": "start", "port": 8080, "level": "info"}.items() <= line.items()
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize("name", ["token", "slack_bot_token", "body", "payload", "text", "title", "signature", "data"])
def test_what_travels_under_a_private_name_is_hidden(out, name):
    structlog.get_logger().info("seen", **{name: "hush"}, nested={name: "hush"})
    assert "hush" not in out.getvalue()


@pytest.mark.parametrize(
    "secret",
    ["xoxb-12-hush", "xapp-1-hush", "ghp_hush123", "github_pat_hush", "Bearer hush", "sha256=abcdef0123",
     "postgresql://me:hush@db/x", "https://hooks.slack.com/commands/T1/hush"],
)  # fmt: skip
def test_what_looks_like_a_credential_is_hidden_wherever_it_stands(out, secret):
    structlog.get_logger().info(f"so {secret} it is", url=secret, many=[secret], error_object=ValueError(secret))
    shown = out.getvalue()
    assert "hush" not in shown
    assert "abcdef0123" not in shown


def test_a_failure_says_its_type_and_place_but_not_its_words(out):
    try:
        raise ValueError("the title was: fire Bob")
    except ValueError:
        structlog.get_logger().exception("failed", action="ask", reference="abcd")
    (line,) = lines(out)
    assert line["error"] == "builtins.ValueError"
    assert any("test_logs.py" in frame for frame in line["at"])
    assert (line["action"], line["reference"]) == ("ask", "abcd")
    assert "Bob" not in out.getvalue()


def test_a_failure_of_the_machine_says_its_first_line(out):
    try:
        raise ConnectionRefusedError("connection refused\nDETAIL: fire Bob")
    except OSError as error:
        structlog.get_logger().error("failed", exc_info=error)
    (line,) = lines(out)
    assert line["said"] == "connection refused"


def test_a_store_that_fails_shows_neither_its_values_nor_its_statement(out):
    refused = psycopg.errors.InvalidTextRepresentation('invalid input syntax for type bigint: "fire Bob"')
    for error in (
        refused,
        StatementError("wrong", "SELECT 'fire Bob'", {"title": "fire Bob"}, refused),
        StatementError("wrong", "SELECT 'fire Bob'", {"title": "fire Bob"}, None),
        psycopg.OperationalError("the server is gone\nDETAIL: fire Bob"),
    ):
        structlog.get_logger().error("failed", exc_info=error)
    assert "Bob" not in out.getvalue()
    said = [line.get("said") for line in lines(out)]
    assert said == ["SQLSTATE 22P02", "SQLSTATE 22P02", None, "the server is gone"]


def test_libraries_log_through_the_same_filter(out):
    try:
        raise KeyError("fire Bob")
    except KeyError:
        logging.getLogger("some.library").exception("Exception in ASGI application for xoxb-1-hush")
    (line,) = lines(out)
    assert line["event"] == "Exception in ASGI application for [hidden]"
    assert line["error"] == "builtins.KeyError"
    assert "Bob" not in out.getvalue()


def test_libraries_that_log_what_passes_through_them_are_kept_quiet(out):
    logging.getLogger("slack_sdk.web").info("Received the following response - body: fire Bob")
    logging.getLogger("httpx").info("HTTP Request: GET https://forge.test/secret")
    assert out.getvalue() == ""


def test_long_text_is_cut(out):
    structlog.get_logger().info("seen", why="x" * 10_000)
    assert len(out.getvalue()) < 1_000


def test_references_differ():
    assert len({logs.reference() for _ in range(100)}) == 100
