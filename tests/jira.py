"""What does Jira tell the tests, when, and what does a ledger then hold?"""

import json
from datetime import timedelta

from storage.records import Delivery
from storage.sources.judging import judge
from tests.builders import at
from tests.deliveries import payload

TICKET = "ticket:jira/SHOP#12"
STORY = (  # the deliveries about one issue, in the order in which they came
    "issue__created", "issue__updated_fix_version", "issue__updated_assignee", "issue__updated_link",
    "issue__updated_commented", "issue__updated_status", "issue__updated_labels", "comment__created",
    "issuelink__created", "version__updated", "issuelink__deleted", "issue__updated_done", "version__released",
)  # fmt: skip
_EPOCH = at("1970-01-01")


def sent(name, change=None, *, received=None, hook="1"):
    """One delivery as the reader judged it, received half a second after what it tells; ``change`` alters its body."""
    told = payload(f"jira/{name}")
    if change:
        change(told)
    when = received or _EPOCH + timedelta(milliseconds=told["timestamp"] + 500)
    return judge(Delivery("jira", f"{name}-{hook}", {}, json.dumps(told).encode(), when))


def other(key, id_):
    """A change of a delivery: another issue, by key and inner number."""

    def change(told):
        told["issue"] |= {"key": key, "id": id_}

    return change


def tell(ledger, *names):
    """Take deliveries in, one after the other."""
    for name in names:
        ledger.append([sent(name) if isinstance(name, str) else name])
