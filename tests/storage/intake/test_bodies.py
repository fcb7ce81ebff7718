"""What bodies can be read, and what becomes of the rest?"""

import msgspec
import pytest

from storage.intake.bodies import Malformed, Misfit, Reader, fit, parse, unwrapped


class Titled(msgspec.Struct):
    title: str
    number: int = 0


READER = Reader(Titled)


def test_a_plain_body_is_read_and_what_is_not_asked_for_is_passed_over():
    assert READER.read(b'{"title": "Euros", "other": [1, {"x": null}]}') == Titled("Euros")


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (rb'{"title": "a\u0000b"}', "a\ufffdb"),
        (rb'{"title": "a\ud800b"}', "a\ufffdb"),
        (b'{"title": "a\x00b"}', "a\ufffdb"),
        (b'{"title": "a\xffb"}', "a\ufffdb"),
        ('{"title": "ä"}'.encode("utf-16"), "ä"),
        ('{"title": "ä"}'.encode("utf-8-sig"), "ä"),
        (rb'{"title": "\ud83d\ude80"}', "\U0001f680"),
    ],
)
def test_what_no_column_takes_is_replaced_and_odd_encodings_are_read(body, title):
    assert READER.read(body).title == title


def test_a_number_beyond_64_bits_elsewhere_does_no_harm():
    assert READER.read(b'{"title": "x", "id": %s}' % (b"9" * 30)).title == "x"
    assert READER.read(rb'{"title": "\u0000", "id": %s}' % (b"9" * 100_000)).title == "\ufffd"


@pytest.mark.parametrize(
    "body",
    [b"", b"no", b"[]", b'"x"', b"1", b"null", b"{", b'{"title": "x"} x', b"\xff\xfe", b'{"title": 1,}', b"[" * 50],
)
def test_a_body_that_is_no_object_is_malformed(body):
    with pytest.raises(Malformed):
        READER.read(body)


@pytest.mark.parametrize("body", [b'{"title": ' + b"[" * 200_000, b'{"a":' * 200_000, b'{"x": ' + b"[" * 200_000])
def test_endless_nesting_is_told_apart_and_crashes_nothing(body):
    with pytest.raises((Misfit, Malformed)):
        READER.read(body)
    with pytest.raises((Misfit, Malformed)):
        parse(body)


def test_a_misfit_says_what_is_missing_and_where_but_not_what_was_there():
    with pytest.raises(Misfit, match="missing required field `title`"):
        READER.read(b'{"number": 1}')
    with pytest.raises(Misfit) as caught:
        READER.read(b'{"title": "x", "number": "secret"}')
    assert "$.number" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_parsed_objects_fit_shapes_like_bodies_do():
    assert fit({"title": "x"}, Titled) == Titled("x")
    with pytest.raises(Misfit):
        fit({"number": 2}, Titled)


def test_a_web_form_holds_its_payload():
    assert unwrapped(b"payload=%7B%22title%22%3A%22a+b%22%7D") == b'{"title":"a b"}'
    assert unwrapped(b'{"title": 1}') == b'{"title": 1}'
    assert unwrapped(b"payload=") == b""
    with pytest.raises(Malformed):
        unwrapped(b"payload=1" + b"&x=1" * 100)
