"""What did people say of a change or a ticket that its sources have wrong?"""

from collections.abc import Sequence
from datetime import datetime

from storage.records import Corrections, KnownEvent
from storage.state.stated import instant, word, words

_NOTHING = Corrections()


def corrected(events: Sequence[KnownEvent]) -> Corrections:
    """Fold ``corrected.*`` events in their order: the newest word on each thing holds, an empty one takes it back."""
    if not events:
        return _NOTHING
    owner = origin = shipped_at = None
    releases: dict[str, bool] = {}
    joined: dict[str, datetime] = {}
    links: dict[str, bool] = {}
    for event in events:
        data = event.data
        if event.kind == "corrected.owner":
            owner = word(data, "owner")
        elif event.kind == "corrected.origin":
            origin = word(data, "origin")
        elif event.kind == "corrected.shipped":
            taken_back = data.get("shipped") is False
            shipped_at = None if taken_back else instant(data, "shipped_at") or instant(data, "at") or event.at
        elif event.kind == "corrected.release" and (release := word(data, "release")):
            releases[release] = belongs = data.get("belongs") is not False
            joined = {**joined, release: joined.get(release, event.at)} if belongs else _without(joined, release)
        elif event.kind == "corrected.link":
            links.update(dict.fromkeys(_named(event, "linked"), True))
            links.update(dict.fromkeys(_named(event, "not_linked"), False))
    return Corrections(
        owner=owner,
        origin=origin,
        shipped_at=shipped_at,
        releases=tuple(sorted(releases.items())),
        linked=tuple(sorted(name for name, linked in links.items() if linked)),
        not_linked=tuple(sorted(name for name, linked in links.items() if not linked)),
        joined=tuple(sorted(joined.items())),
    )


def _without(joined: dict[str, datetime], release: str) -> dict[str, datetime]:
    return {name: at for name, at in joined.items() if name != release}


def _named(event: KnownEvent, key: str) -> tuple[str, ...]:
    one = word(event.data, key)
    return (one,) if one else words(event.data, key)
