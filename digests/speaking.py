"""Which digests come where, and how does somebody subscribe, look at one beforehand or have one now?"""

import secrets
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import digests
from assistant.acts import subscribe as subscribing
from assistant.acts.pause_subscription import barred_from_it
from assistant.desk import Done, Reply, Told
from assistant.errors import UserError
from assistant.people import people_of
from assistant.policy.model import near
from assistant.rendering import render
from assistant.scopes import EVERYTHING
from assistant.showing.sheet import Sheet
from assistant.subject import Candidates, SubjectKind
from assistant.viewer import Viewer, shared_in
from assistant.words import unescape
from digests.asking import Asking
from digests.digest import Digest
from digests.directory import Directory
from digests.handing import Handing
from digests.planning import FAILED, POSTED, Plan
from digests.refusals import Refusals
from digests.running import Reached, Runs, calendar_for
from digests.schedule import coming
from storage.records import ObjectKind, Subscription

if TYPE_CHECKING:
    from assistant.desk import Desk
    from storage.outbox import Outbox, Run

_ABOUT = frozenset(
    {SubjectKind.TEAM, SubjectKind.SERVICE, SubjectKind.RELEASE, SubjectKind.TRAIN, SubjectKind.WORKSPACE}
)


def new_subscription() -> str:
    """The object of a subscription that is to be made."""
    return f"{ObjectKind.SUBSCRIPTION}:{secrets.token_hex(8)}"


class Digests:
    """All that is said unasked; safe to use from many threads."""

    def __init__(
        self,
        desk: "Desk",
        outbox: "Outbox",
        directory: Directory,
        declared: Mapping[str, Digest] | None = None,
        reached: Reached = lambda _step: None,
    ) -> None:
        self.declared = digests.BY_ID if declared is None else declared
        self.desk, self.outbox, self.directory = desk, outbox, directory
        self._refusals = Refusals(desk, outbox, directory, self.declared)
        self.handing, self.asking = Handing(desk, outbox, directory), Asking(desk, outbox, directory)
        self._people = people_of(desk.policy)
        self._runs = Runs(desk, outbox, directory, self._refusals, self._people, self.declared, reached)

    # What comes where

    def subscriptions(self, channel: str | None = None, person: str | None = None) -> tuple[Subscription, ...]:
        """What comes to a channel and to a person; without either everything that comes to anybody. Oldest first."""
        found = [one for one in self.desk.ledger.standing(ObjectKind.SUBSCRIPTION) if isinstance(one, Subscription)]
        return tuple(
            one for one in sorted(found, key=lambda one: (one.created_at, one.object))
            if one.ended_at is None
            and (
                (channel is None and person is None)
                or (channel is not None and one.channel == channel)
                or (one.channel is None and self._people.same(one.person, person))
            )
        )  # fmt: skip

    def find(self, subscription: str) -> Subscription:
        """A subscription by its object. Raises UserError where it was removed or never was."""
        found = self.desk.ledger.get([subscription]).get(subscription)
        if not isinstance(found, Subscription) or found.ended_at:
            message = "There is no such digest here any more."
            raise UserError(message)
        return found

    def digest(self, name: str) -> Digest:
        """The declaration of a digest. Raises UserError, with what there is, for a name that none has."""
        if name not in self.declared:
            there = ", ".join(self.declared)
            message = f'There is no digest "{name[:60]}"{near(name, self.declared) or "."} There are: {there}.'
            raise UserError(message)
        return self.declared[name]

    def coming(self, subscription: Subscription, now: datetime) -> datetime | None:
        """When it comes next; None while it is paused."""
        return coming(subscription, calendar_for(subscription, self._people), now)

    def runs(self, subscriptions: tuple[Subscription, ...], most: int = 1) -> "tuple[Run, ...]":
        """What became of the newest runs of some subscriptions, newest first."""
        return self.outbox.runs([one.object for one in subscriptions], most)

    # Subscribing

    def subscribe(self, wish: subscribing.Wish, viewer: Viewer, now: datetime) -> Done:
        """Subscribe, or change what is subscribed, if it would ever come and mean something. Raises UserError."""
        digest = self.digest(wish.digest)
        if digest.personal and wish.channel:
            message = f'"{digest.title}" is one person\'s own: let it come to you by direct message.'
            raise UserError(message)
        settled = replace(wish, about=self._about(wish, viewer, now), zone=wish.zone or viewer.zone)
        self._refuse_twice(settled, viewer)
        calendar = self._people.calendar(None if wish.channel else (wish.person or viewer.key))
        if not set(wish.days) & calendar.days:
            message = "Nobody works on these days here, so it would never come. Choose another day."
            raise UserError(message)
        return self.desk.act(subscribing.NAME, settled, viewer, now)

    # Looking, and having one now

    def preview(  # noqa: PLR0913  what, about what, for whom, when
        self,
        name: str,
        about: str,
        viewer: Viewer,
        now: datetime,
        *,
        channel: str | None = None,
        person: str | None = None,
        subscription: str | None = None,
    ) -> Sheet | Reply:
        """What a digest would say now, mentioning nobody and remembered by nobody; a question back where it is unclear.

        To ``channel`` it says what this viewer may share there. ``subscription`` (its object) is whose last one the
        news are counted from.
        """
        told = self.told(name, about, viewer, now, channel=channel, person=person, subscription=subscription)
        return told if isinstance(told, Reply) else told.sheet

    def told(  # noqa: PLR0913  as preview
        self,
        name: str,
        about: str,
        viewer: Viewer,
        now: datetime,
        *,
        channel: str | None = None,
        person: str | None = None,
        subscription: str | None = None,
    ) -> Told | Reply:
        """As ``preview``, with the answer beside its sheet."""
        digest = self.digest(name)
        reader = self._reader(viewer, channel, now)
        reader = replace(reader, key=subscription) if subscription else reader
        return self.desk.told(digest.question, self._worded(about), reader, now, person=person or viewer.key)

    def send_now(self, subscription: str, viewer: Viewer, now: datetime) -> str:
        """Have one at once, whatever there is to say; a sentence for whoever asked. Raises UserError where it can't."""
        found = self.find(subscription)
        if refused := barred_from_it(found, viewer, self.desk.policy):
            raise UserError(refused.reason)
        self.digest(found.digest)
        made = self._runs.now(found, now)
        if made is None:
            return "Somebody had it sent a moment ago. Try again in a minute."
        if made.state == FAILED:
            message = f"That did not work, and it is not your fault: {made.why}."
            raise UserError(message)
        return "It is on its way." if made.state == POSTED else f"It could not be sent: {made.why}."

    # By itself

    def tick(self, stopping: threading.Event) -> Counter[str]:
        """Run everything that is due and nobody else runs; how many runs ended how."""
        return self._runs.tick(stopping)

    def lasting(self) -> frozenset[str]:
        """Handoffs and rounds of which more may have to be said: what was posted of them is kept."""
        return self.handing.lasting() | self.asking.lasting()

    def rehearse(self) -> Iterator[tuple[Subscription, Plan]]:
        """What a tick would post now: nothing is claimed, kept or sent."""
        return self._runs.rehearse()

    def refused(self, cause: str, code: str, now: datetime) -> None:
        """What delivery calls when Slack takes nothing for a subscription: it pauses, its subscriber is told once."""
        self._refusals.refused(cause, code, now)

    def _reader(self, viewer: Viewer, channel: str | None, now: datetime) -> Viewer:
        if channel is None:
            return viewer
        outsiders = self.directory.outsiders_in(channel, now)
        return shared_in(viewer, self.desk.policy, channel, outsiders=outsiders)

    def _about(self, wish: subscribing.Wish, viewer: Viewer, now: datetime) -> str:
        """The words that mean exactly what was meant; none where none were said."""
        if not wish.about.strip():
            return ""
        reader = self._reader(viewer, wish.channel, now)
        meant = self.desk.meant(self._worded(wish.about), reader)
        if isinstance(meant, Candidates):
            raise UserError(unescape(render(meant, reader, now).text))
        if meant.kind not in _ABOUT:
            message = "A digest is about a team, a repository or a release, or about everything."
            raise UserError(message)
        return EVERYTHING if meant.kind is SubjectKind.WORKSPACE else meant.words

    def _worded(self, about: str) -> str:
        """A repository goes by the service that is built from it, where one is."""
        name = about.strip().casefold()
        services = (key for key, one in self.desk.policy.services.items() if one.repository.casefold() == name)
        return next((f"service {key}" for key in services), about)

    def _refuse_twice(self, wish: subscribing.Wish, viewer: Viewer) -> None:
        here = self.subscriptions(wish.channel, None if wish.channel else (wish.person or viewer.key))
        same = (one for one in here if (one.digest, one.about) == (wish.digest, wish.about))
        if any(one.object != wish.subscription for one in same):
            message = "That digest comes here already: change it instead of adding another."
            raise UserError(message)
