"""Which thresholds, calendars and permissions does the configuration hold, and what are their defaults?"""

from datetime import time
from typing import Literal, Self

from pydantic import Field, model_validator

from assistant.policy.fields import Count, Glob, Holidays, Positive, Section, Share, TimeOfDay, Weekday, Zone

Three = tuple[Positive, Positive, Positive]


class Workspace(Section):
    """``[workspace]``: the company's own name, the zone of whoever has no other, and its Slack id."""

    name: str | None = None
    zone: Zone | None = None
    team_id: str | None = None


class Hours(Section):
    """``[hours]``: the working hours of whoever has no others; an end at or before the start is the next day's."""

    start: TimeOfDay = time(9)
    end: TimeOfDay = time(17)
    days: tuple[Weekday, ...] = Field(default=(0, 1, 2, 3, 4), min_length=1)
    holidays: Holidays = ()
    zone: Zone | None = None


class Access(Section):
    """``[access]``: globs of the repositories that a person, a team or a channel may see.

    Whoever is named sees exactly that; who is not named sees everything (``open``) or nothing (``closed``).
    """

    default: Literal["open", "closed"] = "open"
    people: dict[str, tuple[Glob, ...]] = Field(default_factory=dict)
    teams: dict[str, tuple[Glob, ...]] = Field(default_factory=dict)
    channels: dict[str, tuple[Glob, ...]] = Field(default_factory=dict)


class GitHub(Section):
    """``[github]``: the repositories whose events count; none listed: all."""

    repositories: tuple[Glob, ...] = ()


class Bots(Section):
    """``[bots]``: logins that are no people although the forge says "User", beside those known everywhere."""

    accounts: tuple[str, ...] = ()


class ServiceLevels(Section):
    """``[service_levels]``: business hours to a first response, by origin, for low, medium and high risk."""

    human_heavy: Three = (8, 8, 16)
    mixed: Three = (8, 8, 16)
    ai_heavy: Three = (8, 12, 24)
    unknown: Three = (8, 12, 24)
    specialists: tuple[str, ...] = ()


class ForecastPolicy(Section):
    """``[forecast]``: how much of the past a date rests on, and how often it is simulated."""

    samples: Count = 500
    days: Count = 365
    least: Count = 20
    runs: int = Field(default=10_000, ge=100, le=1_000_000)


class StabilizationPolicy(Section):
    """``[stabilization]``: quiet days for low, medium and high risk, and what multiplies them."""

    quiet_days: Three = (3, 7, 14)
    human_heavy: Positive = 1
    mixed: Positive = 1.5
    ai_heavy: Positive = 2
    unknown: Positive = 2
    blocks: bool = False


class Decide(Section):
    """``[decide]``: who decides about a release, and who may second the waiver of a hard gate (empty: anyone else)."""

    who: tuple[str, ...] = ("owner", "delegates")
    seconds: tuple[str, ...] = ()


class Labels(Section):
    """``[labels]``: which labels say what a ticket is, or that AI wrote a change."""

    blocker: tuple[str, ...] = ("release-blocker", "release blocker", "blocker")
    incident: tuple[str, ...] = ("incident",)
    bug: tuple[str, ...] = ("bug",)
    design_debt: tuple[str, ...] = ("design-debt", "design debt")
    ai: tuple[str, ...] = ("ai-generated", "ai-assisted", "ai generated", "ai assisted")


class Keep(Section):
    """``[keep]``: for how many days raw payloads are kept; None: for ever."""

    raw_days: Count | None = None


class Sources(Section):
    """``[sources]``: after how many hours of silence a source no longer vouches for "nothing happened"."""

    silent_hours: Positive = 96


class DigestsPolicy(Section):
    """``[digests]``: how many messages go out a minute, until when a late one still does, how long a claim holds.

    A claim outlasts what comes before a message (the picture: 20 seconds, and the last request of it) and the message
    (10 seconds a request), so that nobody sends again what is still under way.
    """

    pace: Count = 300
    late_hours: Positive = 2
    lease_seconds: int = Field(default=60, ge=45)


class Identity(Section):
    """``[[attribution.identities]]``: an organisation's own pattern of an AI author, and how sure it is."""

    pattern: str = Field(min_length=1)
    confidence: Share = 0.85


class AttributionPolicy(Section):
    """``[attribution]``: identities of AI authors beside those that are known everywhere."""

    identities: tuple[Identity, ...] = ()

    @model_validator(mode="after")
    def _patterns_compile(self) -> Self:
        import re

        for identity in self.identities:
            try:
                re.compile(identity.pattern)
            except re.error as problem:
                message = f"the pattern {identity.pattern!r} can't be read: {problem}"
                raise ValueError(message) from None
        return self
