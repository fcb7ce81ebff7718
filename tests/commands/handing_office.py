"""An office whose company has functions, and in which nothing is posted: what would be is only noted."""

from contextlib import contextmanager
from datetime import timedelta

from commands.app import build_bolt, working_for
from commands.settings import Settings
from digests.speaking import Digests
from storage.records import ObjectKind
from tests import fakes
from tests.builders import NOON
from tests.commands.conftest import Office, arrive, shown
from tests.handing import company, desk_of, planned

NAMES = {"U1": "Anna Berg", "U2": "Bo Cole", "U3": "Cho Min", "U4": "Dee Marsh", "U5": "Eve Odell", "U6": "Fay Lund"}
GUEST = {**fakes.MEMBER, "tz": "UTC", "profile": {"real_name": "Gus Hart"}, "is_restricted": True}


class Noting:
    """Stands where handoffs are spoken of: notes what was to be settled; ``then`` is done at that."""

    def __init__(self):
        self.settled, self.then = [], lambda: None

    def settle(self, handoff, now, poster=None):
        self.settled.append(handoff)
        self.then()


@contextmanager
def office_of(slack, ledger, more="", *, speaking=False):
    """The office of the company of tests/handing.py, on a Wednesday at noon, with checkout 2.4 planned.

    ``speaking``: what is to be posted of handoffs is owed, as it is outside of tests.
    """
    for user, name in NAMES.items():
        slack.users[user] = {**fakes.MEMBER, "tz": "UTC", "profile": {"real_name": name}}
    slack.users["U7"] = GUEST
    desk = desk_of(ledger, company(more))
    settings = Settings(slack_bot_token="xoxb-1", slack_signing_secret=fakes.SECRET, slack_api_url=slack.url)
    working = working_for(desk, settings)
    digests = Digests(desk, ledger.outbox, working.people)
    digests.handing = digests.handing if speaking else Noting()
    planned(desk)
    arrive(ledger, "pull_request__opened", 101, title="Quotes", body="", received=NOON - timedelta(days=1))
    arrive(ledger, "pull_request__opened", 9, "acme/secret", title="Hidden", body="", received=NOON - timedelta(days=1))
    office = Office(build_bolt(desk, settings, working, digests), desk, slack, working)
    office.handing, office.digests = digests.handing, digests
    try:
        yield office
    finally:
        working.close()


def standing(office):
    """Every handoff, oldest first."""
    found = office.desk.ledger.standing(ObjectKind.HANDOFF)
    return sorted(found, key=lambda one: (one.opened_at, one.object))


def fields(office):
    """The fields of the open form, by name."""
    blocks = [block for block in office.form["blocks"] if block["type"] == "input"]
    return {block["block_id"].partition(".")[0]: block for block in blocks}


def holds(office, name):
    """What a field of the open form shows."""
    element = fields(office)[name]["element"]
    option = element.get("initial_option") or {}
    many = [one["value"] for one in element.get("initial_options") or ()]
    return element.get("initial_value") or option.get("value") or element.get("initial_user") or many or ""


def reads(office):
    """The words of the open form."""
    return shown(office.form["blocks"])
