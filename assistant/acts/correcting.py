"""What do all corrections have in common: of what, who may, and with which reason?

Not an act. Any insider who may see the repository may correct; every correction has who and why. None takes a hard
gate away: that would be a waiver by one person.
"""

from datetime import datetime

from assistant.acts.authority import outsider
from assistant.acts.waiving import blocking_kind, found
from assistant.deciding import Records, Refused, cleaned, spoken
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.records import HARD_GATES, Change, Incident, Ticket


def corrected_subject(
    records: Records, subject: str, why: str, who: Viewer, policy: Policy
) -> tuple[str, Change | Ticket] | Refused:
    """The change or ticket to correct, if this person may, and gave a reason."""
    if refused := outsider(who):
        return refused
    thing = found(records, subject, who, policy)
    if isinstance(thing, Refused):
        return thing
    name, record = thing
    if not isinstance(record, Change | Ticket):
        return Refused(f"{spoken(name)} is neither a change nor a ticket.")
    if not cleaned(why):
        return Refused(f"Say why: the correction of {spoken(name)} is kept with its reason.")
    return name, record


def corrected_incident(
    records: Records, subject: str, why: str, who: Viewer, policy: Policy
) -> tuple[str, Incident] | Refused:
    """The incident to correct, by its object's name, if this person may, and gave a reason."""
    if refused := outsider(who):
        return refused
    thing = found(records, subject, who, policy)
    if isinstance(thing, Refused):
        return thing
    name, record = thing
    if not isinstance(record, Incident):
        return Refused(f"{spoken(name)} is no incident.")
    if not cleaned(why):
        return Refused(f"Say why: the correction of {spoken(name)} is kept with its reason.")
    return name, record


def kept_gate(name: str, record: Change | Ticket, policy: Policy, now: datetime) -> Refused | None:
    """Refuse to correct a hard gate away, and say what removes one."""
    if blocking_kind(record, policy, now) not in HARD_GATES:
        return None
    return Refused(
        f"{spoken(name)} is a hard gate, which no one person takes away. Close it or change its labels where it is "
        "kept, or let it pass by Decide… (`lastmile accept`): a second person confirms that."
    )
