"""Which incidents are there: those that a source of incidents tells of, and issues that a label makes one?"""

from collections.abc import Collection

from storage.facts import Needs
from storage.naming import is_tracker
from storage.records import Incident, Ticket
from storage.shelf import COLUMNS, Shelf

_SERVICE_LABELS = ("service:", "service/")
MOST = 1000  # incidents handed over, the open ones and then the newest
_LATELY = (
    f"SELECT {COLUMNS} FROM state s WHERE s.kind = 'incident' AND (s.open = 1 OR s.done_at >= ?)"
    f" ORDER BY s.open DESC, s.began_at DESC, s.object LIMIT {MOST}"
)


def incidents(shelf: Shelf, needs: Needs, labelled: Collection[str], since: int) -> tuple[Incident, ...]:
    """The incidents that are open or were closed since a stamp; ``labelled`` are tickets with an incident's label.

    A source of incidents knows services, not repositories: all of its incidents are handed over to whoever asks for
    any, and who may see which one is settled where the services are known (``assistant.incidents``).
    """
    if needs.incidents_in or needs.services:
        shelf.add(shelf.session.all(_LATELY, (since,)))
    tickets = (of_ticket(ticket) for ticket in shelf.of(Ticket) if ticket.object in labelled)
    return (*tickets, *shelf.of(Incident))


def of_ticket(ticket: Ticket) -> Incident:
    """A labelled issue as the incident that it is."""
    return Incident(
        object=ticket.object,
        source="jira" if is_tracker(ticket.repository) else "github",
        title=ticket.title,
        open=ticket.open,
        opened_at=ticket.opened_at,
        last_event_at=ticket.last_event_at,
        url=ticket.url,
        closed_at=ticket.closed_at,
        repository=ticket.repository,
        services=tuple(
            label.casefold().removeprefix(prefix).strip()
            for label in ticket.labels
            for prefix in _SERVICE_LABELS
            if label.casefold().startswith(prefix)
        ),
        assignees=ticket.assignees,
        names=ticket.names,
        root_causes=ticket.root_causes,
        corrections=ticket.corrections,
        reopened_at=ticket.reopened_at,
    )
