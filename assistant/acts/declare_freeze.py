"""When must services not be deployed? A deployment freeze: whoever answers for the services may declare one."""

from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.acts.authority import barred_from, outsider, sees_service, service_stewards, unseen
from assistant.deciding import LONGEST_NAME, Outcome, Records, Refused, cleaned, decided, stamp
from assistant.policy import Policy
from assistant.viewer import Viewer
from assistant.when import in_words
from storage.naming import freeze_object
from storage.records import Freeze

NAME = "declare_freeze"
HELP = "Declare a deployment freeze for some services, or for all."


@dataclass(frozen=True, slots=True)
class Wish:
    """Freeze ``services`` (none: every one) from ``begins_at`` to ``ends_at``, both UTC."""

    services: tuple[str, ...]
    begins_at: datetime
    ends_at: datetime
    why: str


def objects(wish: Wish) -> tuple[str, ...]:
    """The freeze, named by what it covers and the day (UTC) it begins."""
    return (freeze_object(_services(wish), wish.begins_at.astimezone(UTC).date().isoformat()),)


def decide(records: Records, wish: Wish, who: Viewer, policy: Policy, now: datetime) -> Outcome:
    """Declare it, with an end and a reason."""
    services = _services(wish)
    refused = (
        outsider(who)
        or _unknown(services, who, policy)
        or barred_from("freeze these services", service_stewards(services, policy), who, policy)
    )
    if refused:
        return refused
    if wish.ends_at <= wish.begins_at or wish.ends_at <= now:
        return Refused(f"The freeze would be over by {in_words(wish.ends_at, who.zone)}: give it a later end.")
    why = cleaned(wish.why)
    if not why:
        return Refused("Say why nothing may be deployed: whoever waits for it will read the reason.")
    (name,) = objects(wish)
    standing = records.get(name)
    if isinstance(standing, Freeze) and standing.lifted_at is None and standing.ends_at > now:
        return Refused(
            f"That is frozen already, until {in_words(standing.ends_at, who.zone)}. To change it, lift it first."
        )
    data = {
        "services": list(_written(services, policy)),
        "begins_at": stamp(wish.begins_at),
        "ends_at": stamp(wish.ends_at),
        "reason": why,
    }
    return (decided(name, "freeze.declared", who, now, data),)


def _services(wish: Wish) -> tuple[str, ...]:
    names = (cleaned(name, LONGEST_NAME) for name in wish.services)
    return tuple(sorted({name for name in names if name}, key=str.casefold))


def _written(services: tuple[str, ...], policy: Policy) -> tuple[str, ...]:
    """The services as the configuration writes them."""
    keys = {key.casefold(): key for key in policy.services}
    return tuple(keys.get(name.casefold(), name) for name in services)


def _unknown(services: tuple[str, ...], who: Viewer, policy: Policy) -> Refused | None:
    """Refuse services that are unknown (or hidden: in the same words), where any are configured."""
    seen = {key.casefold() for key in policy.services if sees_service(key, who, policy)}
    strange = [name for name in services if policy.services and name.casefold() not in seen]
    if not strange:
        return None
    return unseen(f"a service {strange[0]}", strange[0], seen)
