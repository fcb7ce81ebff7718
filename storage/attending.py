"""What did people do about the things that were brought to them?"""

from collections.abc import Mapping

from storage.facts import Needs
from storage.naming import attention_object
from storage.records import Attention
from storage.shelf import COLUMNS, Shelf

# Of changes and tickets, what was loaded is looked up by name: that is far less than all that anybody ever acted on.
# What belongs to no repository (incidents, releases, deployments) is little: whatever was done lately.
_NAMED = f"SELECT {COLUMNS} FROM state s WHERE s.object IN ({{}})"
_ELSEWHERE = f"SELECT {COLUMNS} FROM state s WHERE s.kind = 'attention' AND s.scope IS NULL AND s.began_at >= ?"


def attention(shelf: Shelf, needs: Needs, since: int) -> Mapping[str, Attention]:
    """What was done about the work that was loaded, and since a stamp about things of no repository.

    By the thing's object, within the repositories that may be seen.
    """
    if not needs.attention:
        return {}
    session = shelf.session
    shelf.add(session.among(_NAMED, [attention_object(record.object) for record in shelf.work()]))
    shelf.add(session.all(_ELSEWHERE, (since,)))
    return {record.about: record for record in shelf.of(Attention)}
