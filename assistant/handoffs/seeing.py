"""Who may know of a handoff or a round? Whoever may know of what it is about."""

from assistant.handoffs.places import kept_in
from assistant.policy import Policy
from assistant.viewer import Viewer
from storage.records import Handoff, Round

NO_HANDOFF = "I know of no such handoff that you may see. It may be spelt otherwise, or have been forgotten."


def may_see_about(about: str, viewer: Viewer, policy: Policy) -> bool:
    """Whether a reader may know of a thing: a release of a product, a service, a change or ticket."""
    return any(map(viewer.may_see, kept_in(about, policy) or (None,)))


def may_see(thing: Handoff | Round, viewer: Viewer, policy: Policy) -> bool:
    """Whether a reader may know of a handoff or a round."""
    return may_see_about(thing.about if isinstance(thing, Handoff) else thing.release, viewer, policy)
