"""How is the configuration file read, and how does its writer learn what is wrong with it?"""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from assistant.errors import UserError
from assistant.policy.model import Policy, near


class PolicyError(UserError):
    """The configuration can't be used; the text names every problem, each with its key and where it stands."""


def load_policy(path: Path | None) -> Policy:
    """Read the one TOML file; no path gives the defaults. Raises PolicyError with all problems at once."""
    if path is None:
        return Policy()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        message = f"{path} can't be read: {problem}"
        raise PolicyError(message) from problem
    return parse_policy(text, str(path))


def parse_policy(text: str, name: str = "lastmile.toml") -> Policy:
    """Read the configuration from its text; ``name`` is what the errors call it."""
    try:
        return Policy.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        message = f"{name} is no TOML: {problem}"
        raise PolicyError(message) from problem
    except ValidationError as problem:
        raise PolicyError("\n".join([f"{name} can't be used:", *_lines(problem)])) from problem


def _lines(problem: ValidationError) -> list[str]:
    lines: list[str] = []
    for error in problem.errors(include_url=False):
        where = [str(part) for part in error["loc"] if part != "[key]"]
        if error["type"] == "extra_forbidden":
            lines.append(f"- {_unknown_key(where)}")
        elif where:
            lines.append(f"- {_path(where)}: {_plain(error['msg'])}")
        else:
            lines += [f"- {line}" for line in _plain(error["msg"]).splitlines()]
    return lines


def _unknown_key(where: list[str]) -> str:
    *table, key = where
    place = f"[{_path(table)}]" if table else "the file"
    return f"unknown key {key!r} in {place}{near(key, _known_keys(table))}"


def _known_keys(table: list[str]) -> list[str]:
    """The keys that the table at this path may have, walking the models (through dicts of tables by their value)."""
    model: Any = Policy
    for part in table:
        if isinstance(model, type) and issubclass(model, BaseModel) and part in model.model_fields:
            model = model.model_fields[part].annotation
        else:
            model = next((inner for inner in getattr(model, "__args__", ()) if _is_section(inner)), None)
    if not _is_section(model):
        return []
    return [field.alias or name for name, field in model.model_fields.items()]  # as its writer spells it


def _is_section(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _path(parts: list[str]) -> str:
    return ".".join(part if part.replace("_", "").replace("-", "").isalnum() else f'"{part}"' for part in parts)


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")
