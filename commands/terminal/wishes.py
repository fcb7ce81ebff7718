"""Which act does a line of the terminal wish for, with what in it? Pure: the same line, the same wish."""

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from assistant.acts import (
    accept_risk,
    acknowledge,
    board_train,
    close_external,
    correct_bot,
    correct_link,
    correct_origin,
    correct_owner,
    correct_release,
    correct_shipped,
    declare_external,
    declare_freeze,
    decline_move,
    defer,
    end_release,
    end_train,
    estimate,
    freeze_scope,
    lift_freeze,
    link_account,
    plan_release,
    provide_enablement,
    set_train,
    snooze,
    take_review,
    withdraw_risk,
)
from commands.terminal.meant import Meant, day, time_of_day, weekday
from storage.naming import subject_of

Wished = tuple[str, Any]  # the act's name, and its wish


def wished(arguments: argparse.Namespace, meant: Meant) -> Wished:
    """The act and wish of parsed arguments. Raises UserError for words that mean nothing, or several things."""
    return _WISHES[arguments.act](arguments, meant)


def _plan(said: argparse.Namespace, meant: Meant) -> Wished:
    name = meant.release(said.release, said.product)
    product, _, _ = subject_of(name).rpartition("@")
    known = next((release for release in meant.releases if release.object == name), None)
    delegates = () if said.no_delegates else tuple(said.delegate) or None
    return plan_release.NAME, plan_release.Wish(
        product=known.product if known else product,
        version=known.version if known else _version(said.release, product),
        name=said.name,
        target=meant.when(said.target),
        no_target=said.no_target,
        owner=said.owner,
        delegates=delegates,
        why=said.why,
        impact=said.impact,
    )


def _version(text: str, product: str) -> str:
    """The version as typed, without the product in front."""
    words = text.removeprefix("release:")
    for called in (product, product.casefold()):
        if words.casefold().startswith(called.casefold()) and words[len(called) : len(called) + 1] in {
            " ",
            "@",
            "-",
            "/",
        }:
            return words[len(called) + 1 :].strip()
    return words.strip()


def _scope(said: argparse.Namespace, meant: Meant) -> Wished:
    return freeze_scope.NAME, freeze_scope.Wish(_release(said, meant), frozen=not said.open, why=said.why)


def _cancel(said: argparse.Namespace, meant: Meant) -> Wished:
    return end_release.NAME, end_release.Wish(_release(said, meant), "cancelled", said.why)


def _supersede(said: argparse.Namespace, meant: Meant) -> Wished:
    return end_release.NAME, end_release.Wish(_release(said, meant), "superseded", said.why, said.by)


def _board(said: argparse.Namespace, meant: Meant) -> Wished:
    return board_train.NAME, board_train.Wish(_release(said, meant), None if said.off else said.train, said.why)


def _freeze(said: argparse.Namespace, meant: Meant) -> Wished:
    begins_at = meant.when(said.begins) or meant.now
    return declare_freeze.NAME, declare_freeze.Wish(tuple(said.service), begins_at, meant.moment(said.until), said.why)


def _lift(said: argparse.Namespace, meant: Meant) -> Wished:
    return lift_freeze.NAME, lift_freeze.Wish(meant.freeze(said.freeze), said.why)


def _train(said: argparse.Namespace, meant: Meant) -> Wished:
    return set_train.NAME, set_train.Wish(
        name=said.train,
        product=meant.product(said.product),
        weekday=weekday(said.on),
        time=time_of_day(said.at),
        zone=said.zone or meant.who.zone,
        every_weeks=said.every,
        first_on=day(said.first) if said.first else None,
        owner=said.owner,
        why=said.why,
    )


def _end_train(said: argparse.Namespace, _meant: Meant) -> Wished:
    return end_train.NAME, end_train.Wish(said.train, said.why)


def _accept(said: argparse.Namespace, meant: Meant) -> Wished:
    wish = accept_risk.Wish(_release(said, meant), meant.subject(said.blocker), said.why, meant.when(said.until))
    return accept_risk.NAME, wish


def _defer(said: argparse.Namespace, meant: Meant) -> Wished:
    release, blocker = _release(said, meant), meant.subject(said.blocker)
    later = meant.release(said.to, said.product or subject_of(release).rpartition("@")[0])
    return defer.NAME, defer.Wish(release, blocker, later, said.why, meant.when(said.until))


def _withdraw(said: argparse.Namespace, meant: Meant) -> Wished:
    return withdraw_risk.NAME, withdraw_risk.Wish(_release(said, meant), meant.subject(said.blocker), said.why)


def _estimate(said: argparse.Namespace, meant: Meant) -> Wished:
    until = meant.moment(said.until)
    return estimate.NAME, estimate.Wish(_release(said, meant), meant.subject(said.blocker), until, said.why)


def _declare_external(said: argparse.Namespace, meant: Meant) -> Wished:
    release, ends_at = _release(said, meant), meant.when(said.until)
    wish = declare_external.Wish(release, said.title, ends_at, said.owner, said.url, said.why)
    return declare_external.NAME, wish


def _close_external(said: argparse.Namespace, meant: Meant) -> Wished:
    return close_external.NAME, close_external.Wish(_release(said, meant), said.title, said.why)


def _provide(said: argparse.Namespace, meant: Meant) -> Wished:
    there, via = not said.no, "terminal"
    wish = provide_enablement.Wish(_release(said, meant), said.what, said.url, there, said.why, via)
    return provide_enablement.NAME, wish


def _owner(said: argparse.Namespace, meant: Meant) -> Wished:
    return correct_owner.NAME, correct_owner.Wish(meant.subject(said.subject), said.owner, said.why)


def _origin(said: argparse.Namespace, meant: Meant) -> Wished:
    origin = said.origin.casefold().replace("-", "_").replace(" ", "_")
    return correct_origin.NAME, correct_origin.Wish(meant.subject(said.subject), origin, said.why)


def _belongs(said: argparse.Namespace, meant: Meant) -> Wished:
    subject, release = meant.subject(said.subject), _release(said, meant)
    return correct_release.NAME, correct_release.Wish(subject, release, belongs=not said.no, why=said.why)


def _link(said: argparse.Namespace, meant: Meant) -> Wished:
    subject, other = meant.subject(said.subject), meant.subject(said.other)
    return correct_link.NAME, correct_link.Wish(subject, other, linked=not said.no, why=said.why)


def _shipped(said: argparse.Namespace, meant: Meant) -> Wished:
    numbered = "#" in said.subject or "/" in said.subject or ":" in said.subject
    subject = meant.subject(said.subject) if numbered else meant.release(said.subject, said.product)
    return correct_shipped.NAME, correct_shipped.Wish(subject, said.why, meant.when(said.at), shipped=not said.no)


def _acknowledge(said: argparse.Namespace, meant: Meant) -> Wished:
    return acknowledge.NAME, acknowledge.Wish(_brought(said, meant))


def _snooze(said: argparse.Namespace, meant: Meant) -> Wished:
    until: snooze.Until = "next week" if said.until == "next-week" else "tomorrow"
    return snooze.NAME, snooze.Wish(_brought(said, meant), until)


def _decline(said: argparse.Namespace, meant: Meant) -> Wished:
    return decline_move.NAME, decline_move.Wish(_brought(said, meant))


def _take(said: argparse.Namespace, meant: Meant) -> Wished:
    return take_review.NAME, take_review.Wish(_brought(said, meant))


def _brought(said: argparse.Namespace, meant: Meant) -> str:
    """What was brought to somebody: a change, a ticket, or an incident as people write it."""
    return correct_link.named(meant.subject(said.subject))


def _bot(said: argparse.Namespace, _meant: Meant) -> Wished:
    return correct_bot.NAME, correct_bot.Wish(said.login, is_bot=not said.no, why=said.why)


def _account(said: argparse.Namespace, _meant: Meant) -> Wished:
    return link_account.NAME, link_account.Wish(said.login, said.code)


def _release(said: argparse.Namespace, meant: Meant) -> str:
    return meant.release(said.release, said.product)


_WISHES: Mapping[str, Callable[[argparse.Namespace, Meant], Wished]] = {
    "release set": _plan,
    "release freeze-scope": _scope,
    "release cancel": _cancel,
    "release supersede": _supersede,
    "release board": _board,
    "freeze declare": _freeze,
    "freeze lift": _lift,
    "train set": _train,
    "train end": _end_train,
    "accept": _accept,
    "defer": _defer,
    "withdraw": _withdraw,
    "estimate": _estimate,
    "external declare": _declare_external,
    "external close": _close_external,
    "enablement provide": _provide,
    "attend acknowledge": _acknowledge,
    "attend snooze": _snooze,
    "attend decline": _decline,
    "attend take": _take,
    "correct owner": _owner,
    "correct origin": _origin,
    "correct release": _belongs,
    "correct link": _link,
    "correct shipped": _shipped,
    "correct bot": _bot,
    "link github": _account,
}
