"""Which rules of merging did nobody tell, and what has the forge not said yet of the changes that are open?"""

from collections.abc import Iterable

from assistant.counting import plural
from assistant.situation import Situation
from assistant.unknowns import Unknown
from storage.records import Change, ChangeState


def untold(situation: Situation) -> Iterable[Unknown]:
    """The gaps below what the answer says of whose move it is."""
    opened = [change for change in situation.members.changes if change.state is ChangeState.OPEN]
    unchecked = [change for change in opened if "required_checks" in change.unknown]
    unsaid = [change for change in unchecked if _required(change, situation) is None]
    uncounted = [change for change in opened if "approvals" in change.unknown]
    if unsaid or uncounted:
        yield _rules(unsaid, uncounted)
    if silent := len(unchecked) - len(unsaid):
        yield Unknown(
            "checks_unreported", f"A required check has not reported yet on {plural(silent, 'change')}.",
            "Wait for it, or see whether it still runs under the name that is required.",
        )  # fmt: skip
    if untried := sum("conflicts" in change.unknown for change in opened):
        yield Unknown(
            "conflicts_unknown", f"Whether {plural(untried, 'change')} can be merged without a conflict.",
            "The forge says so once it has tried.",
        )  # fmt: skip


def _rules(unchecked: list[Change], uncounted: list[Change]) -> Unknown:
    said = ["which checks are required (any that fails counts)"] if unchecked else []
    said += ["how many approvals are needed (one is assumed)"] if uncounted else []
    where = ", ".join(sorted({change.repository for change in (*unchecked, *uncounted)}))
    return Unknown(
        "rules_unknown", f"Nobody said {' or '.join(said)}: {where}.",
        'Name required_checks and approvals under [repositories."owner/name"].', in_settings=True,
    )  # fmt: skip


def _required(change: Change, situation: Situation) -> tuple[str, ...] | None:
    return situation.policy.repository(change.repository).required_checks
