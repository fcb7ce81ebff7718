"""What was just decided, in a sentence that the person who decided it can check?"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from assistant.deciding import cleaned, spoken
from assistant.handoffs.addresses import cant_be_reached, nowhere
from assistant.handoffs.functions import Functions
from assistant.people import people_of
from assistant.persons import listed
from assistant.policy import Policy
from assistant.viewer import Viewer
from assistant.when import in_words
from storage.naming import called
from storage.records import Event

_NOTICED = {"none": "nothing", "some": "some", "high": "a lot"}
_NEED = 120  # characters of what is needed
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def told(events: Sequence[Event], who: Viewer, policy: Policy) -> str:
    """Say what these events decided, one sentence each, in the zone of whoever decided it."""
    return " ".join(_SAID[event.kind](_Words(event, who, policy)) for event in events if event.kind in _SAID)


class _Words:
    """One event's data as words."""

    def __init__(self, event: Event, who: Viewer, policy: Policy) -> None:
        self.data, self.subject = event.data, spoken(event.object)
        self._who, self._policy = who, policy

    def person(self, key: str) -> str:
        """Who stands under a key of the data."""
        value = self.data.get(key)
        return people_of(self._policy).name(value) if value else "nobody"

    def mine(self, key: str) -> bool:
        """Whether whoever decided stands under a key of the data."""
        return people_of(self._policy).same(self.data.get(key), self._who.key)

    def here(self) -> bool:
        """Whether the channel of the data is the one in which it was decided."""
        return bool(self._who.channel) and self.data.get("channel") == self._who.channel

    def people(self, key: str) -> str:
        """All who stand under a key of the data."""
        people = people_of(self._policy)
        return ", ".join(people.name(value) for value in self.data[key])

    def time(self, key: str) -> str:
        """The instant under a key of the data."""
        value = self.data.get(key)
        return in_words(datetime.fromisoformat(value), self._who.zone) if value else "a time not known"

    def thing(self, key: str) -> str:
        """The object under a key of the data."""
        return spoken(str(self.data.get(key) or ""))

    def blocker(self) -> str:
        """What the decision is about: as it was called then, else by its object."""
        return str(self.data.get("called") or "") or self.thing("blocker")

    def called(self, key: str) -> str:
        """What people call the object under a key of the data."""
        return called(str(self.data.get(key) or ""))

    def functions(self, keys: Iterable[str]) -> str:
        """Several functions, by what people call them."""
        return Functions(self._policy).listed(keys)

    def nowhere(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Those of these people whom Slack could never find."""
        return nowhere(keys, self._policy)

    def cant_be_reached(self, keys: Iterable[str]) -> str:
        """That these people can't be reached, and what to do; empty for nobody."""
        return cant_be_reached(keys, self._policy)

    def receiver(self) -> str:
        """Whoever is to have what is handed over: a person, else the function."""
        return self.person("receiver") if self.data.get("receiver") else self.functions([self.data["to"]])

    def seconds(self) -> str:
        """Who may confirm."""
        others = [f"person/{key}" for key in self._policy.decide.seconds]
        return listed([key for key in others if key != self._who.key], self._policy) or "somebody else"


def _targeted(said: _Words) -> str:
    return f"{said.subject} is due {said.time('target')}." if said.data["target"] else f"{said.subject} has no target."


def _delegated(said: _Words) -> str:
    names = said.people("delegates")
    return f"{names} may decide about {said.subject} too." if names else f"{said.subject} has no delegates."


def _waived(said: _Words) -> str:
    later = said.data.get("to")
    how = f"is deferred from {said.subject} to {spoken(later)}" if later else f"is an accepted risk of {said.subject}"
    second = f", proposed by {said.person('by')} and confirmed by you" if said.data.get("second") else ""
    return f"{said.blocker()} {how} until {said.time('expires_at')}{second}."


def _proposed(said: _Words) -> str:
    return (
        f"{said.blocker()} is a hard gate: it still blocks {said.subject} until {said.seconds()} "
        f"confirms by doing the same. Proposed until {said.time('expires_at')}."
    )


def _provided(said: _Words) -> str:
    there = "there" if said.data["there"] else "not there after all"
    return f"For {said.subject}, {said.data['what']}: {there}."


def _frozen(said: _Words) -> str:
    services = ", ".join(said.data["services"]) or "every service"
    return f"Deployments of {services} are frozen from {said.time('begins_at')} to {said.time('ends_at')}."


def _train(said: _Words) -> str:
    data = said.data
    every = "every week" if data["every_weeks"] == 1 else f"every {data['every_weeks']} weeks"
    day = _DAYS[data["weekday"]]
    return f"{data['name']} leaves {every} on {day} at {data['time']} ({data['zone']}), from {data['first_on']} on."


def _moved(said: _Words) -> str:
    whose = f"{said.person('owner')}'s" if said.data["owner"] else "whose it was found to be"
    return f"The next move on {said.subject} is {whose}."


def _linked(said: _Words) -> str:
    how = "is linked to" if said.data.get("linked") else "is not linked to"
    return f"{said.subject} {how} {said.thing('linked') or said.thing('not_linked')}."


def _shipped(said: _Words) -> str:
    return f"{said.subject} shipped {said.time('at')}." if said.data["shipped"] else f"{said.subject} has not shipped."


def _origin(said: _Words) -> str:
    origin = str(said.data["origin"] or "").replace("_", "-")
    return f"The origin of {said.subject} is {origin}." if origin else f"The origin of {said.subject} is as found."


def _subscribed(said: _Words) -> str:
    data = said.data
    where = "to you alone" if said.mine("person") else f"to {said.person('person')} alone"
    where = ("to this channel" if said.here() else f"to {data['channel']}") if data["channel"] else where
    about = f", about {data['about']}" if data["about"] else ""
    return (
        f"The digest {data['digest']} comes {where} {weekdays(data['days'])} at {data['time']} ({data['zone']}){about}."
    )


def _asked(said: _Words) -> str:
    leads: Sequence[Sequence[str | None]] = said.data["leads"]
    lost = said.nowhere(str(lead) for _, lead in leads if lead)
    asked = said.functions(str(function) for function, lead in leads if lead and lead not in lost)
    missing = [str(function) for function, lead in leads if not lead]
    about = said.called("release")
    told = f"I ask {asked} whether {about} is ready." if asked else f"Nobody can be asked whether {about} is ready."
    told = " ".join(filter(None, [told, said.cant_be_reached(lost)]))
    if not missing:
        return told
    names = said.functions(missing)
    setting = " and ".join(f"[functions.{function}]" for function in missing)
    return f"{told} Nobody leads {names}: set lead under {setting}; until then anybody of it may answer."


def _answered(said: _Words) -> str:
    how = {"ready": "ready", "ready_with_risk": "ready, with a risk that you accept"}
    state = how.get(said.data["readiness"], "not ready")
    name = said.functions([said.data["function"]])
    return f"{name}: {state}. You can change this until the round is closed."


def _handed(said: _Words) -> str:
    gates = " Until it is done, it holds that up." if said.data["gating"] else ""
    needed = cleaned(said.data["needed"], _NEED)
    return f'{said.receiver()} gets "{needed}", about {said.called("about")}, due {said.time("due_at")}.{gates}'


def _handoff_done(said: _Words) -> str:
    risk = f", with a risk that you accept: {said.data['risk']}" if said.data["risk"] else ""
    left = said.data.get("not_ticked")
    open_ = f" Not ticked: {', '.join(left)}." if left else ""
    return f"Done, having looked at {said.data['looked_at']}{risk}.{open_}"


def _taken(said: _Words) -> str:
    return "You have it again: it is not done after all." if said.data.get("undone") else "You have it."


def _sent_again(said: _Words) -> str:
    how = "Asked for again" if said.data.get("undone") else "Sent again"
    return f"{how}, due {said.time('due_at')}." if said.data.get("due_at") else f"{how}."


def weekdays(days: Sequence[int]) -> str:
    """On which days of the week: ``every weekday``, ``every day``, ``on Monday and Thursday``."""
    if list(days) == [0, 1, 2, 3, 4]:
        return "every weekday"
    if len(days) == len(_DAYS):
        return "every day"
    names = [_DAYS[day] for day in days]
    return "on " + " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


_SAID: Mapping[str, Callable[[_Words], str]] = {
    "release.planned": lambda said: f"{said.data['name'] or said.subject} is planned.",
    "release.targeted": _targeted,
    "release.owned": lambda said: f"{said.person('owner')} owns {said.subject}.",
    "release.delegated": _delegated,
    "release.scope_frozen": lambda said: f"The scope of {said.subject} is frozen.",
    "release.scope_unfrozen": lambda said: f"The scope of {said.subject} is open again.",
    "release.impact": lambda said: f"Customers notice {_NOTICED[said.data['impact']]} of {said.subject}.",
    "release.provided": _provided,
    "release.boarded": lambda said: f"{said.subject} leaves with {said.thing('train') or 'no train'}.",
    "release.ended": lambda said: f"{said.subject} is {said.data['as']}.",
    "release.shipped": _shipped,
    "risk.proposed": _proposed,
    "risk.accepted": _waived,
    "risk.deferred": _waived,
    "risk.withdrawn": lambda said: f"{said.blocker()} blocks {said.subject} again.",
    "blocker.estimated": lambda said: f"Your estimate: {said.blocker()} is gone by {said.time('until')}.",
    "freeze.declared": _frozen,
    "freeze.lifted": lambda _said: "The freeze is lifted.",
    "train.set": _train,
    "train.ended": lambda said: f"{said.subject} has stopped.",
    "external.declared": lambda said: f"{said.thing('release')} waits for {said.data['title']}.",
    "external.closed": lambda _said: "That wait is over.",
    "corrected.owner": _moved,
    "corrected.origin": _origin,
    "corrected.shipped": _shipped,
    "corrected.release": lambda said: (
        f"{said.subject} {'belongs' if said.data['belongs'] else 'does not belong'} to {said.thing('release')}."
    ),
    "corrected.link": _linked,
    "corrected.bot": lambda said: f"{said.subject} is {'a bot' if said.data['is_bot'] else 'a person'}.",
    "subscription.set": _subscribed,
    "subscription.paused": lambda _said: "Paused: it does not come until somebody resumes it.",
    "subscription.resumed": lambda _said: "It comes again.",
    "subscription.ended": lambda _said: "Removed: it does not come any more.",
    "attention.acknowledged": lambda said: f"You see to {said.data['called']}.",
    "attention.declined": lambda said: f"{said.data['called']} is not yours.",
    "attention.snoozed": lambda said: f"{said.data['called']} is snoozed until {said.time('until')}.",
    "attention.taken": lambda said: f"You take the review of {said.data['called']}.",
    "handoff.opened": _handed,
    "handoff.acknowledged": _taken,
    "handoff.done": _handoff_done,
    "handoff.returned": lambda said: f"Returned: {said.data['why']}",
    "handoff.resent": _sent_again,
    "handoff.withdrawn": lambda _said: "Withdrawn: nobody has to do it any more.",
    "handoff.reassigned": lambda said: f"{said.receiver()} has it now.",
    "handoff.rescheduled": lambda said: f"It is due {said.time('due_at')}.",
    "handoff.snoozed": lambda said: f"You are not reminded of it until {said.time('until')}.",
    "round.opened": _asked,
    "round.answered": _answered,
    "round.closed": lambda said: f"The round about {said.called('release')} is closed.",
    "account.claimed": lambda said: f"{said.subject} is yours as soon as you prove it.",
}
