"""How did work flow in a period: which turns lasted in it, and what merged and reached production? Columns only."""

from collections.abc import Mapping

from storage.database import Session
from storage.facts import Flow, Needs, Samples
from storage.production import Targets
from storage.shelf import Shelf


def lasting(session: Session, shelf: Shelf, needs: Needs) -> Mapping[str, Mapping[str, Samples]]:
    """Of each set of ``turns_in``, the turns that lasted at any time since ``turns_since``, by kind."""
    _ = session, shelf, needs
    return {}


def flows(session: Session, shelf: Shelf, needs: Needs, targets: Targets) -> Mapping[str, Flow]:
    """Of each set of ``flow_in``, the changes that merged since ``flow_since``."""
    _ = session, shelf, needs, targets
    return {}
