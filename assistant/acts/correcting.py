"""What do all corrections have in common: of what, who may, and with which reason?

Not an act. Any insider who may see the repository may correct; every correction has who and why.
"""

from assistant.acts.authority import outsider
from assistant.acts.waiving import found
from assistant.deciding import Records, Refused, cleaned, spoken
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.records import Change, Ticket


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
