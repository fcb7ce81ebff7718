"""What does a running process say of itself, and how does it keep secrets and messages out of that?

One event a line on standard error: JSON, or coloured words at a terminal. Whoever logs names ``action=`` and, where a
person was given one, ``reference=``. Importing this module imports structlog: only a command that needs it does.
"""

import logging
import re
import secrets
import sys
from collections.abc import Mapping, MutableMapping
from typing import IO, Any

import structlog

HIDDEN = "[hidden]"
# Names under which secrets, or words that people wrote, would travel.
_PRIVATE = re.compile(
    r"token|secret|passw|signature|authorization|cookie|api_?key|credential|database_url|response_url"
    r"|^(?:body|payload|text|title|blocks?|message|headers|params|parameters|sql|statement|data)$",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"\bx(?:ox[a-z]|app)-[\w-]+|\bgh[a-z]_\w+|\bgithub_pat_\w+|\bsk-[\w-]{8,}|\bsha256=[0-9a-f]+"
    r"|(?<=://)[^\s/@]+@|\bbearer\s+\S+|https://hooks\.slack\.com/\S+",
    re.IGNORECASE,
)
_LONGEST = 500
_TALKATIVE = ("slack_bolt", "slack_sdk", "httpx", "httpcore", "apscheduler", "uvicorn.access", "sqlalchemy", "alembic")
# Their messages come from the machine or the driver; any other message may quote what a person wrote.
_PLAIN = (OSError, ImportError, NameError, AttributeError)
_TELLING = {"sqlite3", "socket", "ssl", "httpx", "httpcore"}


def configure(out: IO[str] | None = None, level: int = logging.INFO) -> None:
    """Send structlog and the standard library's loggers to ``out`` (standard error), one filtered line an event."""
    stream = out or sys.stderr
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _failure,
        discreet,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    drawn = structlog.dev.ConsoleRenderer() if stream.isatty() else structlog.processors.JSONRenderer()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, drawn],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)  # at lower levels they log what passes through them


def reference() -> str:
    """A short name for one failure, which the person reads and the log line holds."""
    return secrets.token_hex(4)


def discreet(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor that hides secrets and whatever people wrote, by name and by shape."""
    return {name: _shown(name, value) for name, value in event.items()}


def _shown(name: str, value: object) -> object:
    if name.startswith("_"):
        return value  # structlog's own, removed before anything is drawn
    if _PRIVATE.search(name):
        return HIDDEN
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {key: _shown(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown("", inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | float) else masked(str(value))


def masked(text: str) -> str:
    """The text with anything shaped like a credential hidden, cut to a length that a log line can bear."""
    return _SECRET.sub(HIDDEN, text)[:_LONGEST]


def _failure(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Say of an exception its type and where it was raised; its words only where no person can have written them."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
        event["at"] = _frames(error)
        words = _words(error)
        if words:
            event["said"] = words
    return event


def _frames(error: BaseException) -> list[str]:
    trace, frames = error.__traceback__, []
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-12:]


def _words(error: BaseException) -> str | None:
    cause = getattr(error, "orig", None) or error  # what the driver said, without SQLAlchemy's parameters
    module = type(cause).__module__.partition(".")[0]
    names = {kind.__name__ for kind in type(cause).__mro__}
    if module == "psycopg" and "OperationalError" not in names:  # of a value it quotes what it could not read
        return f"SQLSTATE {getattr(cause, 'sqlstate', None)}"
    if isinstance(cause, _PLAIN) or module in _TELLING | {"psycopg"}:
        return str(cause).partition("\n")[0]  # the lines below may quote values
    return None
