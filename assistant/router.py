"""Which question do these words ask?

The grammar is made of the phrases that each question declares, beside its help and examples: one place for all three.
"""

import re
from dataclasses import dataclass, field
from functools import cache

from assistant.questions import QUESTIONS, blocking

_LONGEST = 400
_SUGGESTED = 3
_NEAR_ENOUGH = 40.0
_CALLED = re.compile(
    r"^(?:<@[UW][A-Z0-9]+(?:\|[^>]*)?>|hey|hi|hello|please|ok|okay|so|and|lastmile)[\s,:!]+", re.IGNORECASE
)
_COMMAND = re.compile(r"^/")
_ENDS = re.compile(r"(?:[\s?!.,;]|\b(?:please|today|now|right now|currently|at the moment|thanks)\b)+$", re.IGNORECASE)
_SPELT = ((re.compile(r"\b(what|who|when|how|why|where)['\u2019]?s\b", re.IGNORECASE), r"\1 is"),)
_NOBODY = {"us", "we", "me", "it", "this", "that", "them", "everything", "things", "the release", "release", "you"}
_SUBJECT = re.compile(r"(?:[\w./@-]+\s+)?(?:https?://\S+|[\w./-]*#\d+|v?\d+(?:\.\w+)+|v?\d+)|\S*\d\S*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question by its name, and its parameters as typed: ``about`` is what it asks about (empty: not said)."""

    question: str
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words that ask nothing known: why, and questions that can be asked, the likeliest first."""

    reason: str
    suggestions: tuple[str, ...]


def route(text: str) -> Asked | Unclear:
    """Read words as a question; a name alone asks what blocks it."""
    words = tidy(text)
    if not words:
        return Unclear("You asked nothing yet.", examples())
    for question in QUESTIONS:
        for phrase in question.PHRASES:
            found = _compiled(phrase).fullmatch(words)
            if found:
                return Asked(question.NAME, _parameters(found))
    if _SUBJECT.fullmatch(words):
        return Asked(blocking.NAME, {"about": words})
    return Unclear(f'I did not understand "{words}".', _likeliest(words))


def tidy(text: str) -> str:
    """Words on one line, without greeting, closing marks, and with "what's" spelt out."""
    words = " ".join(text[:_LONGEST].split())
    before = None
    while before != words:
        before, words = words, _CALLED.sub("", words)
    words = _ENDS.sub("", _COMMAND.sub("", words))
    for pattern, spelt in _SPELT:
        words = pattern.sub(spelt, words)
    return words


def examples() -> tuple[str, ...]:
    """An example of each question, then the others."""
    each = [question.EXAMPLES for question in QUESTIONS]
    return tuple([first for first, *_ in each] + [more for _, *rest in each for more in rest])


@cache
def _compiled(phrase: str) -> re.Pattern[str]:
    return re.compile(_pattern(phrase), re.IGNORECASE)  # when it is first tried: most questions need few of them


def _pattern(phrase: str) -> str:
    """A phrase as a regular expression: words or choices, optional parts in brackets, ``{about}`` and ``{scope}``."""
    parts = []
    for part in phrase.split():
        optional = part.startswith("(") and part.endswith(")")
        bare = part.strip("()")
        if bare in {"{about}", "{scope}"}:
            made = rf"(?:\s|^)(?P<{bare[1:-1]}>\S.*?)"
        else:
            made = rf"(?:\s|^)(?:{'|'.join(re.escape(word).replace('_', ' ') for word in bare.split('|'))})(?=\s|$)"
        parts.append(f"(?:{made})?" if optional else made)
    return "".join(parts)


def _parameters(found: re.Match[str]) -> dict[str, str]:
    about, scope = found.groupdict().get("about"), found.groupdict().get("scope")
    if about and scope:
        return {"about": f"{about} in {scope}"}
    if about is None:
        return {"about": ""} if "about" in found.re.groupindex else {}
    return {"about": "" if about.casefold() in _NOBODY else about}


def _likeliest(words: str) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process

    near = process.extract(words, examples(), scorer=fuzz.WRatio, limit=_SUGGESTED, score_cutoff=_NEAR_ENOUGH)
    return tuple(text for text, _, _ in near) or examples()[:_SUGGESTED]
