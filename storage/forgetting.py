"""How does somebody, or a repository, disappear from what we remember, so that every count stays right?

A person's accounts (also those that they proved theirs) and addresses become pseudonyms that a key of this ledger
gives (see veiling.py, also for which addresses are theirs); raw bodies that speak of them are dropped. A repository's
deliveries, events and states are erased, and so is its name where others say it.
"""

import re
import secrets
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from storage.database import Database, Session
from storage.figures import Forgotten
from storage.folding import LIVE, Folder, followers
from storage.indexing import IN_REPOSITORY, repository_in
from storage.names import standing
from storage.naming import kind_of, subject_of
from storage.rebuilding import set_meta, stop_rebuilding
from storage.records import Account, ObjectKind
from storage.veiling import Veil, signed, veil_of
from storage.wiping import Wipe, rows_of, wipe_deliveries, wipe_events, wipe_posts

_STRUCTURAL = "SELECT 1 FROM state WHERE lower(branch) = ? OR environment = ? LIMIT 1"
_OWNED = "SELECT min(scope) FROM event WHERE scope >= ? AND scope < ?"
_OBJECTS = "SELECT DISTINCT object FROM event"
_SIGNED = """
    SELECT id, data FROM event WHERE id > ? AND kind IN ('branch.pushed', 'commit.landed', 'change.commits')
    ORDER BY id LIMIT ?"""
_SHORTEST = 3  # characters of a login that is looked for as a plain word


class Somebody(NamedTuple):
    """All by which a person is known: ``person/<key>``, accounts ``github/<login>``, e-mails, names as written."""

    person: str | None = None
    accounts: Sequence[str] = ()
    emails: Sequence[str] = ()
    names: Sequence[str] = ()


def forget_person(database: Database, folder: Folder, who: Somebody) -> Forgotten:
    """Replace a person everywhere, in one transaction, and keep them out of what comes later."""

    def work(session: Session) -> Forgotten:
        known = _known(session, who)
        tokens, kept = _tokens(session, known)
        veil = veil_of(session, Veil())
        veil = (veil if veil.said else Veil(secrets.token_hex(32))).with_more(tokens)
        set_meta(session, "forgotten", veil.said)
        deliveries, events, objects = _wiped(session, folder, _of_person(veil, tokens, who.names))
        return Forgotten(deliveries, events, objects, tuple(kept))

    done = database.write([], work, alone=True)
    database.compact()
    return done


def forget_repository(database: Database, folder: Folder, name: str) -> Forgotten:
    """Erase a repository, and its name wherever others speak of it, in one transaction."""
    scope = name.casefold()

    def work(session: Session) -> Forgotten:
        objects = {row[0] for row in session.all(f"{_OBJECTS} WHERE scope = ?", (scope,))}
        objects |= {row[0] for row in session.all(_OBJECTS) if _is_in(row[0], scope)}
        following = set(followers(session, dict.fromkeys(objects, 0))) - objects
        events = session.run("DELETE FROM event WHERE scope = ?", (scope,))
        events += sum(session.run("DELETE FROM event WHERE object = ?", (gone,)) for gone in objects)
        deliveries = session.run("DELETE FROM delivery WHERE scope = ?", (scope,))
        LIVE.delete(session, objects)
        folder.refold(session, dict.fromkeys(following, 0))
        deliveries += _wiped(session, folder, _of_repository(name))[0]
        return Forgotten(deliveries, events, len(objects))

    done = database.write([], work, alone=True)
    database.compact()
    return done


def _wiped(session: Session, folder: Folder, wipe: Wipe) -> tuple[int, int, int]:
    """Rewrite all that is stored, fold again what that touches, clear the caches; deliveries, events, objects."""
    deliveries = wipe_deliveries(session, wipe)
    events, touched, gone = wipe_events(session, wipe)
    LIVE.delete(session, gone)
    folder.refold(session, touched)
    wipe_posts(session, wipe)
    session.run("DELETE FROM seen WHERE viewer <> 'request'")  # requests name nobody, and must not be answered twice
    session.run("DELETE FROM person")
    stop_rebuilding(session)
    return deliveries, events, len(touched)


def _known(session: Session, who: Somebody) -> Somebody:
    """The same person with the accounts that they proved theirs and the addresses that are known to be those's."""
    keys = {key.casefold() for key in (who.person, *who.accounts) if key}
    proved = [one for one in standing(session, ObjectKind.ACCOUNT) if isinstance(one, Account)]
    more = [subject_of(one.object) for one in proved if one.person and one.person.casefold() in keys]
    accounts = {account.casefold(): account for account in (*who.accounts, *more)}
    emails = dict.fromkeys(email.casefold() for email in who.emails)
    for row in rows_of(session, _SIGNED):
        if any(account in row[1].decode().casefold() for account in accounts):
            emails |= {mail: None for of, mail in signed(msgspec.json.decode(row[1])) if of.casefold() in accounts}
    return who._replace(accounts=tuple(accounts.values()), emails=tuple(emails))


def _tokens(session: Session, who: Somebody) -> tuple[set[str], list[str]]:
    """What the veil must know, and what is left in place, with the reason."""
    tokens = {who.person.casefold()} if who.person else set[str]()
    tokens |= {f"mail:{email.casefold()}" for email in who.emails}
    kept = []
    for account in who.accounts:
        login = account.rpartition("/")[2].casefold()
        tokens.add(f"login:{login}")
        owned = session.all(_OWNED, (f"{login}/", f"{login}0"))[0][0]
        if owned:
            kept.append(f"{owned} is named after {account}: forget it by its own name")
        elif len(login) < _SHORTEST or session.one(_STRUCTURAL, (login, login)):
            kept.append(f"the plain word {login!r}, which also names a branch or an environment or is too short")
        else:
            tokens.add(f"bare:{login}")
    return tokens, kept


def _of_person(veil: Veil, tokens: Iterable[str], names: Sequence[str]) -> Wipe:
    spelled = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names) or r"(?!)", re.IGNORECASE)
    needles = [token.partition(":")[2] or token for token in tokens] + [name.casefold() for name in names]

    def text(said: str) -> str:
        return veil.text(spelled.sub(lambda found: veil.pseudonym(found[0].casefold()), said))

    def hides(body: bytes) -> bool:
        return veil.hides(body) or spelled.search(body.decode("utf-8", "replace")) is not None

    return Wipe(tuple(dict.fromkeys(needles)), text, hides)


def _of_repository(name: str) -> Wipe:
    spelled = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.IGNORECASE)
    instead = f"forgotten/{secrets.token_hex(6)}"
    return Wipe(
        (name.casefold(),),
        lambda said: spelled.sub(instead, said),
        lambda body: spelled.search(body.decode("utf-8", "replace")) is not None,
    )


def _is_in(object_name: str, scope: str) -> bool:
    return kind_of(object_name) in IN_REPOSITORY and repository_in(object_name).casefold() == scope
