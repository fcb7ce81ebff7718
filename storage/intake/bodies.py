"""How is a body that anybody may have sent read without harm?

The fast way reads only the fields that a shape names. What it cannot read (a lone surrogate, a null byte, a number
beyond 64 bits, an odd encoding) goes the slow way once more, with its text cleaned, before it is given up.
"""

import json
import re
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qs

import msgspec

from storage.records import Malformed

__all__ = ["Malformed", "Misfit", "Reader", "clean", "fit", "parse", "unwrapped"]

T = TypeVar("T")

_UNCLEAN = re.compile("[\x00\ud800-\udfff]")
_REPLACEMENT = "\ufffd"
_LONGEST_NUMBER = 300  # digits; longer ones become infinite, as reading them takes quadratic time
_FORM = b"payload="


class Misfit(ValueError):  # noqa: N818 - the name of the verdict, used as one
    """The body is a JSON object, but not of the shape that its event has; the text says what does not fit."""


class Reader(Generic[T]):
    """Reads bodies of one shape (a msgspec Struct)."""

    def __init__(self, shape: type[T]) -> None:
        self._shape = shape
        self._decoder = msgspec.json.Decoder(shape)

    def read(self, body: bytes) -> T:
        """Read one body. Raises ``Malformed`` or ``Misfit``."""
        if b"\\u0000" not in body:
            try:
                return self._decoder.decode(body)
            except (msgspec.DecodeError, RecursionError, UnicodeError):
                pass  # the slow way finds out what is wrong, and mends it where it can
        return fit(parse(body), self._shape)


def fit(value: object, shape: type[T]) -> T:
    """Take a parsed value as a shape. Raises ``Misfit`` with what is missing, never with the values themselves."""
    try:
        return msgspec.convert(value, shape)
    except (msgspec.ValidationError, RecursionError, OverflowError) as error:
        raise Misfit(str(error)) from error


def parse(body: bytes) -> dict[str, Any]:
    """Read any JSON object whole, its texts cleaned. Raises ``Malformed``, or ``Misfit`` when it nests too deeply."""
    try:
        value = json.loads(_text(body), strict=False, parse_int=_number)
        if not isinstance(value, dict):
            message = "the body is JSON, but no object"
            raise Malformed(message)
        cleaned: dict[str, Any] = _clean(value)
    except RecursionError as error:
        message = "nested deeper than can be read"
        raise Misfit(message) from error
    except json.JSONDecodeError as error:
        message = f"the body is no JSON: {error.msg} at character {error.pos}"
        raise Malformed(message) from error
    return cleaned


def unwrapped(body: bytes) -> bytes:
    """The JSON of a delivery that came as a web form: GitHub's hooks send ``payload=...`` unless told otherwise."""
    if not body.startswith(_FORM):
        return body
    try:
        fields = parse_qs(body.decode("ascii", "replace"), max_num_fields=20)
    except ValueError as error:
        message = "the body is a form with too many fields"
        raise Malformed(message) from error
    return fields["payload"][0].encode() if "payload" in fields else b""


def clean(text: str) -> str:
    """Replace what no database column takes: null characters and halves of surrogate pairs."""
    return _UNCLEAN.sub(_REPLACEMENT, text)


def _text(body: bytes) -> str:
    return body.decode(json.detect_encoding(body), "replace")


def _number(digits: str) -> float:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else float(digits)


def _clean(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return value
