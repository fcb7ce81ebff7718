"""Is a release ready? Each function's lead is asked, one round of a release at a time."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from assistant.acts.authority import seen_release, unseen
from assistant.deciding import LONGEST_NAME, Outcome, Records, Refused, cleaned, decided, spoken, stamp
from assistant.handoffs.functions import Functions
from assistant.handoffs.rounds import ASKED, called_by, product_of
from assistant.people import people_of
from assistant.policy import Policy
from assistant.policy.model import near
from assistant.viewer import Viewer
from assistant.when import in_words
from storage.naming import called, kind_of
from storage.records import ObjectKind, Release, Round

NAME = "open_round"
HELP = "Ask each function's lead whether a release is ready."
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Wish:
    """Ask about ``release``; ``round`` is a new object, the same for all who would begin the same one.

    No ``functions``: those of the configuration. ``due_at`` None: as many working hours later as it says. ``channel``
    is where the answers are gathered, None: for whoever begins it alone.
    """

    round: str
    release: str
    functions: tuple[str, ...] = ()
    due_at: datetime | None = None
    channel: str | None = None
    cause: str = ASKED
    via: str = ""


def objects(wish: Wish) -> tuple[str, ...]:
    """The round and its release."""
    return (wish.round, wish.release)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Begin it; who leads each function is settled now and kept, also where nobody does."""
    release = seen_release(records, wish.release, who, policy)
    if isinstance(release, Refused):
        return release
    asked = tuple(dict.fromkeys(wish.functions or policy.rounds.functions))
    refused = _unfit(wish, asked, policy, now) or _over(release) or _begun(records.get(wish.round), who, policy)
    if refused:
        return refused
    functions, product = Functions(policy), product_of(wish.release)
    data = {
        "release": wish.release,
        "due_at": stamp(wish.due_at or _due(policy, now)),
        "leads": [[function, functions.lead(function, product)] for function in asked],
        "channel": wish.channel,
        "cause": wish.cause,
        "via": wish.via,
    }
    return (decided(wish.round, "round.opened", who, now, data),)


def _unfit(wish: Wish, asked: tuple[str, ...], policy: Policy, now: datetime) -> Refused | None:
    if kind_of(wish.release) != ObjectKind.RELEASE or kind_of(wish.round) != ObjectKind.ROUND:
        return unseen(spoken(wish.release))
    known = Functions(policy).keys
    for function in asked:
        if function not in known:
            hint = near(function.casefold(), known) or "."
            return Refused(f'I know no function "{cleaned(function, LONGEST_NAME)}"{hint}')
    if wish.due_at and wish.due_at <= now:
        return Refused("The answers can't be due in the past.")
    if wish.channel and not _CHANNEL.fullmatch(wish.channel):
        return Refused(f'"{cleaned(wish.channel, LONGEST_NAME)}" is no channel id of Slack, which is like C0123456789.')
    return None


def _over(release: Release | None) -> Refused | None:
    """Refuse to ask about what nobody can make ready any more."""
    if release and release.ended:
        return Refused(f"{release.name} was {release.ended}: there is nothing to be ready for.")
    if release and release.shipped_at:
        return Refused(f"{release.name} has shipped: there is nothing to be ready for.")
    return None


def _begun(before: object, who: Viewer, policy: Policy) -> Refused | None:
    """Refuse a second round beside the one that somebody else began first."""
    if not isinstance(before, Round):
        return None
    by, at = called_by(before, policy) or "the schedule", in_words(before.opened_at, who.zone)
    return Refused(f"A round about {called(before.release)} was begun already, by {by} on {at}.")


def _due(policy: Policy, now: datetime) -> datetime:
    """By when the answers are expected: so many hours of the workspace's working time later."""
    calendar = people_of(policy).calendar()
    ends = calendar.after(np.array([now.timestamp()]), np.array([policy.rounds.due_hours]))
    return datetime.fromtimestamp(float(ends[0]), UTC) if np.isfinite(ends[0]) else now
