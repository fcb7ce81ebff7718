"""What did a person mean by a name: one thing, one of several, or nothing that is known here?

Pure: the ledger is asked by whoever has ``lookups``, and its answer comes in as ``Known``. A name that fits several
things gives a question back, one that fits none the nearest names; neither is an error.
"""

import re
from dataclasses import dataclass

from assistant import scopes
from assistant.matching import Book, Known, plain
from assistant.policy import Policy
from assistant.subject import ONE_OF_THESE, Candidates, Option, Subject, SubjectKind
from assistant.viewer import Viewer
from storage.naming import subject_of, ticket_meant, version_key

_ADDRESS = re.compile(r"https?://[^/\s]+/(?P<repository>[\w.-]+/[\w.-]+)/(?:-/)?[a-z_]+/(?P<number>\d{1,18})\b")
_NUMBER = re.compile(r"(?P<repository>[\w.-]+(?:/[\w.-]+)?)?\s?#(?P<number>\d{1,18})")
_BARE = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+\s)?(?P<number>\d{1,18})")
_KINDS = {
    "release": SubjectKind.RELEASE, "version": SubjectKind.RELEASE, "product": SubjectKind.RELEASE,
    "service": SubjectKind.SERVICE, "train": SubjectKind.TRAIN, "team": SubjectKind.TEAM,
    "change": SubjectKind.CHANGE, "pr": SubjectKind.CHANGE, "pull request": SubjectKind.CHANGE,
    "merge request": SubjectKind.CHANGE, "mr": SubjectKind.CHANGE, "issue": SubjectKind.CHANGE,
    "ticket": SubjectKind.CHANGE, "bug": SubjectKind.CHANGE, "feature": SubjectKind.CHANGE,
}  # fmt: skip
_KIND = re.compile(rf"(?:the\s+)?({'|'.join(sorted(_KINDS, key=len, reverse=True))})\s+(?=\S)", re.IGNORECASE)
_LINK = re.compile(r"<([^|>]+)(?:\|[^>]*)?>")
_LONGEST, _OFFERED, _NEAR = 200, 8, 60.0


@dataclass(frozen=True, slots=True)
class Lookups:
    """What to ask the ledger for before a name can be settled: version keys, a number, or an object by name."""

    keys: tuple[str, ...] = ()
    number: int | None = None
    objects: tuple[str, ...] = ()


def lookups(text: str, policy: Policy, viewer: Viewer) -> Lookups:
    """What has to be known to settle this name; an empty text needs every name (``keys`` empty, no number)."""
    kind, words = _typed(text)
    if numbered := _numbered(kind, words):
        repository, number = numbered
        if "/" in repository:
            return Lookups(number=number, objects=(f"change:{repository}#{number}", f"ticket:{repository}#{number}"))
        return Lookups(number=number)
    ticket = ticket_meant(words)
    keys = [version_key(words)]
    for product, version in _as_releases(words, policy):
        keys += scopes.release_subject(policy, product, version).keys
    for product in channel_products(policy, viewer.channel):
        keys += scopes.release_subject(policy, product, words).keys
    return Lookups(keys=tuple(dict.fromkeys(keys)) if words else (), objects=(ticket,) if ticket else ())


def resolve(text: str, known: Known, policy: Policy, viewer: Viewer) -> Subject | Candidates:
    """Settle a name for this viewer; the channel they ask in decides between several that fit."""
    kind, words = _typed(text)
    book = Book(known, policy, viewer)
    if not words:
        return Candidates("", "What would you like to know about?", _options(_fitting(book, policy, viewer)))
    if numbered := _numbered(kind, words):
        found = _changes(numbered, known, policy, viewer)
    else:
        found = [*_ticket(words, known, policy, viewer), *book.called(words), *_releases(words, book, policy)]
    found = list(dict.fromkeys(s for s in found if kind in {None, s.kind}))
    if len(found) > 1:
        found = [s for s in found if _of_channel(s, policy, viewer.channel)] or found
    if len(found) == 1:
        return found[0]
    if found:
        return Candidates(words, f'"{words}" could mean several things. Which one?', _options(found))
    return _nearest(words, book, policy, viewer)


def channel_products(policy: Policy, channel: str | None) -> tuple[str, ...]:
    """The products that a channel is about: its own, and those of the team whose channel it is."""
    if channel is None:
        return ()
    teams = {key for key, team in policy.teams.items() if channel in team.channels}
    owned = {r.casefold() for key in teams for r in policy.teams[key].repositories}
    return tuple(
        key
        for key, product in policy.products.items()
        if channel in product.channels
        or teams & set(product.teams)
        or owned & {r.casefold() for r in product.repositories}
    )


def _typed(text: str) -> tuple[SubjectKind | None, str]:
    """What was typed without Slack's link brackets and the word that says its kind."""
    words = " ".join(_LINK.sub(r"\1", text)[:_LONGEST].split()).strip(" ?!\"'`")
    kind = _KIND.match(words)
    if kind is None:
        return None, words
    return _KINDS[kind[1].casefold()], words[kind.end() :]


def _numbered(kind: SubjectKind | None, words: str) -> tuple[str, int] | None:
    """The repository (empty: not said) and number of a change as people write it, None when this is none."""
    bare = _BARE.fullmatch(words) if kind is SubjectKind.CHANGE else None
    found = _ADDRESS.match(words) or _NUMBER.fullmatch(words) or bare
    return ((found["repository"] or "").strip(), int(found["number"])) if found else None


def _changes(numbered: tuple[str, int], known: Known, policy: Policy, viewer: Viewer) -> list[Subject]:
    repository, number = numbered[0].casefold(), numbered[1]
    found = []
    for name in known.changes:
        where, _, count = subject_of(name).rpartition("#")
        named = {"", where.casefold(), where.casefold().rpartition("/")[2]}
        if count == str(number) and repository in named and viewer.may_see(where):
            found.append(scopes.change_subject(policy, name))
    return found


def _ticket(words: str, known: Known, policy: Policy, viewer: Viewer) -> list[Subject]:
    """The ticket that Jira calls so, if it was told of and may be seen."""
    name = ticket_meant(words)
    told = name in known.changes and viewer.may_see(subject_of(name or "").rpartition("#")[0])
    return [scopes.change_subject(policy, name)] if name and told else []


def _releases(words: str, book: Book, policy: Policy) -> list[Subject]:
    found = list(book.releases(key=version_key(words)))
    for product, version in _as_releases(words, policy):
        found += book.releases(key=version, product=product)
    for called, version in _halves(words):
        for product in book.products(called):
            found += book.releases(key=version, product=product)
    return found


def _as_releases(words: str, policy: Policy) -> list[tuple[str, str]]:
    """The (product, version) readings of words that begin with a configured product's name."""
    product, version = scopes.split_version(policy, words)
    halves = [
        (key, rest)
        for called, rest in _halves(words)
        for key, entry in policy.products.items()
        if plain(called) in {plain(key), plain(entry.name or key)}
    ]
    return ([(product, version)] if product else []) + halves


def _halves(words: str) -> list[tuple[str, str]]:
    """``checkout 2.4``, ``checkout@2.4`` and ``2.4 of checkout`` as (product, version key)."""
    first, _, last = words.replace("@", " ").rpartition(" ")
    reversed_, _, product = words.partition(" of ")
    readings = [(first, last), (product, reversed_)]
    return [(called.strip(), version_key(version)) for called, version in readings if called.strip() and version]


def _of_channel(subject: Subject, policy: Policy, channel: str | None) -> bool:
    """Whether a channel's own team or product is what this subject is about."""
    if channel is None:
        return False
    if subject.kind is SubjectKind.RELEASE:
        return subject.product in channel_products(policy, channel)
    return any(channel in policy.teams[team].channels for team in subject.teams if team in policy.teams)


def _fitting(book: Book, policy: Policy, viewer: Viewer) -> list[Subject]:
    """What to offer when nothing was named: what fits the channel first, open releases before all else."""
    offered = [*book.open_releases(), *book.trains, *book.services, *book.teams]
    return [s for s in offered if _of_channel(s, policy, viewer.channel)] or offered


def _nearest(words: str, book: Book, policy: Policy, viewer: Viewer) -> Candidates:
    from rapidfuzz import fuzz, process

    everything = book.all()
    names = {index: plain(subject.words.partition(" ")[2] or subject.name) for index, subject in enumerate(everything)}
    near = process.extract(plain(words), names, scorer=fuzz.WRatio, limit=_OFFERED, score_cutoff=_NEAR)
    found = [everything[index] for _, _, index in near]
    question = f'I know nothing called "{words}".' + (f" {ONE_OF_THESE}" if found else "")
    return Candidates(words, question, _options(found or _fitting(book, policy, viewer)), known=False)


def _options(subjects: list[Subject]) -> tuple[Option, ...]:
    return tuple(Option(f"{s.kind.capitalize()} {s.name}", s.words, s.kind) for s in subjects[:_OFFERED])
