"""When are two names the same release, and how is an object called?"""

import re
from collections.abc import Mapping

_LEADING = re.compile(r"^(?:releases?|version|v)(?=[\s:/_-]|\d)[\s:/_-]*", re.IGNORECASE)
_TRAILING_WORD = re.compile(r"[\s_-]+release$", re.IGNORECASE)
_TRAILING_ZERO = re.compile(r"^(\d+(?:\.\d+)*?)(?:\.0)+$")


def version_key(name: str) -> str:
    """Reduce a release's name to what two spellings share.

    Case, white space around, a leading ``v`` or "release" and trailing ``.0`` parts do not count:
    ``Release v2.4.0`` and ``2.4`` are one. Source: definitions, "What one can ask about".
    """
    key = " ".join(name.casefold().split())
    while True:
        shorter = _TRAILING_WORD.sub("", _LEADING.sub("", key)).strip()
        if shorter == key or not shorter:
            break
        key = shorter
    return _TRAILING_ZERO.sub(r"\1", key)[:200]


def subject_of(object_name: str) -> str:
    """The part of an object's name that people use: ``acme/api#101`` of ``change:acme/api#101``."""
    return object_name.partition(":")[2]


def kind_of(object_name: str) -> str:
    """The part of an object's name before its colon: ``change`` of ``change:acme/api#101``."""
    return object_name.partition(":")[0]


def release_object(product: str, version: str) -> str:
    """Name the release object of a product's version: ``release:checkout@2.4``."""
    return f"release:{product.casefold()}@{version_key(version)}"


def train_object(name: str) -> str:
    """Name the train that people call by this name, however they space and write it: ``train:weekly``."""
    return f"train:{' '.join(name.casefold().split())[:200]}"


def freeze_object(services: tuple[str, ...], begins_on: str) -> str:
    """Name a freeze by what it covers and the day it begins: ``freeze:api+web/2026-12-20``, ``freeze:all/...``."""
    return f"freeze:{'+'.join(sorted(service.casefold() for service in services)) or 'all'}/{begins_on}"


def external_object(release: str, title: str) -> str:
    """Name an outside wait of a release by its title: ``external:checkout@2.4/app store review``."""
    return f"external:{subject_of(release)}/{' '.join(title.casefold().split())[:100]}"


def account_object(account: str) -> str:
    """Name an account, whose login is the same in any case: ``account:github/anna`` of ``github/Anna``."""
    return f"account:{account.casefold()}"


def attention_object(about: str) -> str:
    """Name what people did about a thing: ``attention:change:acme/api#101``."""
    return f"attention:{about}"


ENABLEMENT = "enablement"  # the kind of what customers need of a release


def enablement_object(release: str, what: str) -> str:
    """Name what customers need of a release: ``enablement:checkout@2.4/support brief``; it has no record."""
    return f"{ENABLEMENT}:{subject_of(release)}/{' '.join(what.casefold().split())[:100]}"


def service_object(service: str) -> str:
    """Name a service as the thing that a handoff is about: ``service:api``; it has no record."""
    return f"service:{service.casefold()}"


def built_from(service: str, services: Mapping[str, str]) -> str | None:
    """The repository of a service, of those configured; a repository that none is built from is one by itself.

    None for a name that means neither.
    """
    found = next((where for key, where in services.items() if key.casefold() == service.casefold()), None)
    return found or (service if "/" in service else None)


_JIRA = re.compile(r"(?:ticket:)?jira/(?P<project>[^#/]+)#(?P<number>\d+)", re.IGNORECASE)
_JIRA_KEY = re.compile(r"(?P<project>[A-Za-z][A-Za-z0-9_]{1,49})-(?P<number>\d{1,18})")


def called(object_name: str) -> str:
    """What people call an object: ``acme/api#101``, ``checkout 2.4``, ``SHOP-12`` of ``ticket:jira/SHOP#12``."""
    kind, subject = kind_of(object_name), subject_of(object_name)
    found = _JIRA.fullmatch(subject)
    if found:
        return f"{found['project'].upper()}-{found['number']}"
    return " ".join(subject.rsplit("@", 1)) if kind == "release" else subject


def jira_ticket(key: str) -> str | None:
    """The ticket that Jira calls ``SHOP-12``: ``ticket:jira/SHOP#12``; None for words that are no key."""
    found = _JIRA_KEY.fullmatch(key.strip())
    return f"ticket:jira/{found['project'].upper()}#{int(found['number'])}" if found else None


_BROWSED = re.compile(r"https?://[^\s/?#|]+(?:/[^\s/?#|]+){0,3}/browse/(?P<key>[^\s/?#|]+)(?:[/?#]\S*)?", re.IGNORECASE)


def ticket_meant(words: str) -> str | None:
    """The ticket of Jira's that words mean, by its key or its address; None for anything else."""
    said = words.strip()[:1_000]
    found = _BROWSED.fullmatch(said)
    return jira_ticket(found["key"] if found else said)


def jira_issue(number: str) -> str:
    """Under which name is kept what Jira tells of an issue by its inner number alone: ``issue:jira/10004``."""
    return f"issue:jira/{number[:30]}"


def jira_version(number: str) -> str:
    """Under which name is kept what Jira tells of a version by its number alone: ``version:jira/10100``."""
    return f"version:jira/{number[:30]}"


def is_tracker(repository: str) -> bool:
    """Whether a repository is a project of an issue tracker, which holds tickets and versions and no code."""
    return repository.casefold().startswith("jira/")
