"""What did the forge publish as a release?"""

from collections.abc import Sequence

from storage.naming import subject_of
from storage.records import Folded, KnownEvent, Publication
from storage.state.rules import FoldRules
from storage.state.snapshots import latest
from storage.state.stated import instant, word

_OUT = frozenset({"publication.published", "publication.released", "publication.prereleased"})


def fold_publication(object_name: str, events: Sequence[KnownEvent], _: FoldRules) -> Folded:
    """Fold a publication's events, ordered; a tag that is published again after its deletion is there again."""
    told = latest(events)
    if not told:
        return Folded(None)
    deleted = draft = False
    for event in events:
        snapshot = event.data.get("snapshot") or {}
        deleted = event.kind == "publication.deleted"
        draft = event.kind == "publication.unpublished" or snapshot.get("draft", draft) is True
        draft = draft and event.kind not in _OUT
    repository, _sep, tag = subject_of(object_name).partition("@")
    return Folded(
        Publication(
            object=object_name,
            repository=repository,
            tag=word(told, "tag") or tag,
            name=word(told, "name"),
            url=word(told, "url"),
            published_at=instant(told, "published_at"),
            prerelease=told.get("prerelease") is True,
            draft=draft,
            target=word(told, "target"),
            deleted=deleted,
        )
    )
