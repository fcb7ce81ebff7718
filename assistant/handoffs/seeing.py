"""Who may know of a handoff or a round? Whoever may know of what it is about."""

from assistant.policy import Policy
from assistant.scopes import repositories_of
from assistant.viewer import Viewer
from storage.naming import kind_of, subject_of
from storage.records import Handoff, ObjectKind, Round

NO_HANDOFF = "I know of no such handoff that you may see. It may be spelt otherwise, or have been forgotten."


def may_see_about(about: str, viewer: Viewer, policy: Policy) -> bool:
    """Whether a reader may know of a thing: a release of a product, a service, a change or ticket."""
    kind, subject = kind_of(about), subject_of(about)
    if kind == ObjectKind.RELEASE:
        return any(map(viewer.may_see, repositories_of(policy, subject.rpartition("@")[0]) or (None,)))
    if kind == "service":
        entry = next((e for key, e in policy.services.items() if key.casefold() == subject.casefold()), None)
        by_itself = subject if "/" in subject else None  # a repository that no configured service is built from
        return viewer.may_see(entry.repository if entry else by_itself)
    return viewer.may_see(subject.rpartition("#")[0] or None)


def may_see(thing: Handoff | Round, viewer: Viewer, policy: Policy) -> bool:
    """Whether a reader may know of a handoff or a round."""
    return may_see_about(thing.about if isinstance(thing, Handoff) else thing.release, viewer, policy)
