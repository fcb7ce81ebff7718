"""What can a person do here?

One module per act: NAME, HELP, Wish, ``objects(wish)`` (what to lock and load) and ``decide`` (pure). ``authority``,
``waiving``, ``correcting``, ``handing``, ``rounding`` and ``attending`` are what several acts share.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol, cast

from assistant.deciding import Outcome, Refused

__all__ = ["ACTS", "Act", "Outcome", "Refused"]


class Act(Protocol):
    """What every act module holds; ``decide`` takes (records, wish, who, policy, now)."""

    NAME: str
    HELP: str

    @property
    def Wish(self) -> type[Any]:  # noqa: N802 - a class
        """The frozen dataclass of what is wished."""

    @property
    def objects(self) -> Callable[[Any], tuple[str, ...]]:
        """The objects to lock and load for a wish."""

    @property
    def decide(self) -> Callable[[Any, Any, Any, Any, datetime], Outcome]:
        """Turn records, wish, who, policy and now into events, or refuse."""


_NAMES = (
    "accept_risk",
    "acknowledge",
    "acknowledge_handoff",
    "answer_round",
    "board_train",
    "close_external",
    "close_round",
    "correct_bot",
    "correct_link",
    "correct_origin",
    "correct_owner",
    "correct_release",
    "correct_shipped",
    "declare_external",
    "declare_freeze",
    "decline_move",
    "defer",
    "end_release",
    "end_subscription",
    "end_train",
    "estimate",
    "finish_handoff",
    "freeze_scope",
    "hand_off",
    "lift_freeze",
    "link_account",
    "open_round",
    "pause_subscription",
    "plan_release",
    "provide_enablement",
    "reassign_handoff",
    "reschedule_handoff",
    "resend_handoff",
    "resume_subscription",
    "return_handoff",
    "set_train",
    "snooze",
    "snooze_handoff",
    "subscribe",
    "take_review",
    "withdraw_handoff",
    "withdraw_risk",
)
ACTS: Mapping[str, Act] = {name: cast("Act", import_module(f"{__name__}.{name}")) for name in _NAMES}
