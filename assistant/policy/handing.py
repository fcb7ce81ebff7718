"""How does the configuration describe functions, what they hand to each other, rounds and enablement?"""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from assistant.policy.fields import Count, Glob, Positive, Section, TimeOfDay, Weekday

Does = Literal["open", "acknowledge", "done", "return"]
Risky = Literal["low", "medium", "high"]
Impact = Literal["none", "some", "high"]
IMPACTS: tuple[Impact, ...] = ("none", "some", "high")
RISKS: tuple[Risky, ...] = ("low", "medium", "high")

FUNCTIONS = {
    "engineering": "Engineering",
    "product": "Product",
    "qa": "QA",
    "design": "Design",
    "customer_success": "Customer success",
    "sre": "SRE",
}  # every company has these, whether or not it configures them
DESIGNERS = "design"  # who answers for how it looks and works
TESTERS = "qa"  # whose handoffs are the testing of a change
ENABLERS = "customer_success"  # who answers for training, support briefs and release notes
_CHANNEL = re.compile(r"[CG][A-Z0-9]+")


def _channel(value: str) -> str:
    if not _CHANNEL.fullmatch(value):
        message = f"{value!r} is no channel id of Slack, which is like C0123456789"
        raise ValueError(message)
    return value


Channel = Annotated[str, AfterValidator(_channel)]
Point = Annotated[str, Field(min_length=1, max_length=200)]  # of a checklist
Thing = Annotated[str, Field(min_length=1, max_length=80)]  # that customers need of a release


class FunctionEntry(Section):
    """``[functions.KEY]``: who a function is, who leads it, and where what is handed to it goes.

    ``leads`` are those of single products; ``on_duty`` take turns week by week, whoever is on leave left out; without
    anybody on duty it goes to ``channel``. ``teams`` are the forge's own teams whose reviews are this function's.
    """

    name: str | None = None
    members: tuple[str, ...] = ()
    lead: str | None = None
    leads: dict[str, str] = Field(default_factory=dict)
    on_duty: tuple[str, ...] = ()
    channel: Channel | None = None
    teams: tuple[str, ...] = ()


class PairEntry(Section):
    """``[[handoffs.pairs]]``: what is passed on from one function to another, and by when unless said otherwise."""

    from_function: str = Field(alias="from")
    to_function: str = Field(alias="to")
    checklist: tuple[Point, ...] = Field(default=(), max_length=20)
    due_hours: Positive | None = None
    gating: bool = True


PAIRS = (
    PairEntry.model_validate({
        "from": "engineering", "to": "qa",
        "checklist": ("What needs testing", "Risky areas", "Test data", "Rollback"),
    }),
    PairEntry.model_validate({
        "from": "design", "to": "engineering", "gating": False,
        "checklist": ("Components", "States", "Accessibility"),
    }),
    PairEntry.model_validate({
        "from": "engineering", "to": "customer_success",
        "checklist": (
            "What changes for customers", "Who asked for it", "Training", "Support brief", "Known limits",
        ),
    }),
)  # fmt: skip


class RuleEntry(Section):
    """``[[handoffs.rules]]``: what a source tells that opens, acknowledges or closes a handoff.

    It fits an event where everything that is given fits: ``status`` (a ticket's new one), ``label`` (just added),
    ``review`` (approved or changes_requested, by somebody of ``by``'s teams or members), ``in`` (globs of
    repositories). ``from`` and ``to`` are the functions; those of an open handoff that is acknowledged or closed.
    """

    source: Literal["github", "jira", "cdevents"]
    does: Does
    from_function: str = Field(alias="from")
    to_function: str = Field(alias="to")
    status: str | None = None
    label: str | None = None
    review: Literal["approved", "changes_requested"] | None = None
    by: str | None = None
    where: tuple[Glob, ...] = Field(default=(), alias="in")
    gating: bool | None = None
    needed: str | None = None

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if sum(1 for said in (self.status, self.label, self.review) if said) != 1:
            message = "a rule says exactly one of status, label or review"
            raise ValueError(message)
        if self.review and self.source != "github":
            message = "only github tells of reviews"
            raise ValueError(message)
        if self.does == "open" and self.from_function == self.to_function:
            message = "a rule opens a handoff from one function to another"
            raise ValueError(message)
        return self


class HandoffsPolicy(Section):
    """``[handoffs]``: by when, in business hours of the receiver; when they are reminded and their lead is told."""

    due_hours: Positive = 16
    remind_hours: Positive = 4  # before it is due
    escalate_hours: Positive = 4  # after it was due
    pairs: tuple[PairEntry, ...] = ()
    rules: tuple[RuleEntry, ...] = ()

    @model_validator(mode="after")
    def _pairs_once(self) -> Self:
        named = [(pair.from_function, pair.to_function) for pair in self.pairs]
        twice = next((pair for pair in named if named.count(pair) > 1), None)
        if twice:
            message = f"from {twice[0]!r} to {twice[1]!r} stands in two [[handoffs.pairs]]"
            raise ValueError(message)
        return self


class RoundsPolicy(Section):
    """``[rounds]``: who is asked whether a release is ready, when without being told to, and how they are chased.

    ``days`` and ``time`` (in the workspace's zone) begin a round of each release whose target is within
    ``within_days``.
    """

    functions: tuple[str, ...] = ("engineering", "qa", "design", "customer_success")
    at_scope_freeze: bool = False
    days: tuple[Weekday, ...] = ()
    time: TimeOfDay | None = None
    within_days: Count = 14
    due_hours: Positive = 8
    chase_hours: Positive = 4


class EnablementPolicy(Section):
    """``[enablement]``: what must be there before a release ships, by its customer impact and by its risk.

    What both lists name is asked for, each once; a release without impact on customers asks for nothing.
    """

    some: tuple[Thing, ...] = ("release notes",)
    high: tuple[Thing, ...] = ("release notes", "support brief", "training")
    medium_risk: tuple[Thing, ...] = ()
    high_risk: tuple[Thing, ...] = ("support brief",)

    @property
    def all(self) -> tuple[Thing, ...]:
        """Everything that may be asked for."""
        return (*self.some, *self.high, *self.medium_risk, *self.high_risk)
