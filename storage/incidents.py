"""Which incidents are there: those that a source of incidents tells of, and issues that a label makes one?"""

from collections.abc import Collection

from storage.facts import Needs
from storage.records import Incident, Ticket
from storage.shelf import Shelf

_SERVICE_LABELS = ("service:", "service/")


def incidents(shelf: Shelf, needs: Needs, labelled: Collection[str], since: int) -> tuple[Incident, ...]:
    """The incidents that are open or were closed since a stamp; ``labelled`` are tickets with an incident's label."""
    _ = needs, since
    return tuple(of_ticket(ticket) for ticket in shelf.of(Ticket) if ticket.object in labelled)


def of_ticket(ticket: Ticket) -> Incident:
    """A labelled issue as the incident that it is."""
    return Incident(
        object=ticket.object,
        source="github",
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
        root_causes=ticket.root_causes,
        corrections=ticket.corrections,
    )
