"""What happened at Tidewater Parcels, a company that does not exist, in its last five months?

Three teams, three repositories, two releases on the way. Everything is drawn from one seeded generator, so every run
tells the same story; the people, titles and numbers are made up.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from demo.forge import Forge, Pull
from demo.pager import Page

BEGAN = datetime(2026, 6, 1, 9, tzinfo=UTC)
NOW = datetime(2026, 11, 3, 10, tzinfo=UTC)

TEAMS = {
    "tidewater/api": ("marta-k", "joon-p", "sam-otieno", "ines-v"),
    "tidewater/web": ("lea-b", "tom-w", "yusuf-a", "nora-d"),
    "tidewater/courier-app": ("pia-r", "dev-s", "olu-f", "hana-m"),
}
WORDS = {
    "tidewater/api": ("quote cache", "label printing", "customs form", "refund flow", "rate limits", "webhooks out",
                      "address check", "SSO callback", "parcel search", "invoice export"),
    "tidewater/web": ("tracking page", "checkout form", "saved addresses", "SSO sign-in", "returns wizard",
                      "price table", "dark mode", "cookie notice", "depot map", "order history"),
    "tidewater/courier-app": ("route list", "offline scan", "photo proof", "shift start", "battery use",
                              "signature pad", "map tiles", "login", "push messages", "damage report"),
}  # fmt: skip
BUGS = {
    "tidewater/api": ("Label is printed twice after a retry", "Customs form drops the second item",
                      "Refund of a cancelled parcel fails", "Postcode with a space is refused",
                      "Webhook is sent before the parcel is saved", "Quote ignores the weekend surcharge",
                      "Invoice export stops at 1,000 rows", "Search finds parcels of another depot",
                      "Rate limit counts health checks", "Delivery date is a day early in New Zealand"),
    "tidewater/web": ("Back button empties the checkout form", "Tracking page shows the sender's time zone",
                      "Saved address is lost after sign-out", "Return label opens as a blank page",
                      "Price table overlaps the footer on phones", "Dark mode hides the cookie notice",
                      "Depot map is empty in Safari", "Order history repeats its last page",
                      "Voucher field accepts an expired code", "Parcel size resets when the country changes"),
    "tidewater/courier-app": ("Route list jumps to the top after a scan", "Photo proof is uploaded sideways",
                              "Shift starts twice on a slow network", "Signature is cut off on small screens",
                              "Map tiles stay grey after a tunnel", "Push message arrives after the delivery",
                              "Damage report loses its second photo", "Offline scans are sent in the wrong order",
                              "Login asks for the depot every morning", "Battery drains while the app is closed"),
}  # fmt: skip
VERBS = ("Speed up", "Rework", "Add retries to", "Fix", "Test", "Log less in", "Split", "Guard", "Translate", "Move")
CLAUDE = "\n\nCo-Authored-By: Claude <noreply@anthropic.com>"
# (version, opened, shipped or None) by repository
RELEASES = {
    "tidewater/api": (("2.2", 0, 44), ("2.3", 42, 101), ("2.4", 99, None)),
    "tidewater/web": (("2.2", 0, 44), ("2.3", 42, 101), ("2.4", 99, None)),
    "tidewater/courier-app": (("7.0", 0, 79), ("7.1", 76, None)),
}
FULL = {"2.4": datetime(2026, 10, 19, tzinfo=UTC)}  # from then on its scope takes only what is told by hand
DUE = {"2.4": datetime(2026, 11, 13, 17, tzinfo=UTC), "7.1": datetime(2026, 11, 20, 17, tzinfo=UTC)}


def later(at: datetime, hours: float) -> datetime:
    """Go on by so many working hours, 09:00 to 17:00 from Monday to Friday."""
    left = timedelta(hours=hours)
    while True:
        if at.weekday() < 5 and at.hour < 17:
            at = max(at, at.replace(hour=9, minute=0, second=0))
            room = at.replace(hour=17, minute=0, second=0) - at
            if left <= room:
                return at + left
            left -= room
        at = (at + timedelta(days=1)).replace(hour=9, minute=0, second=0)


@dataclass
class Story:
    """One repository's months, told change by change."""

    forge: Forge
    draw: random.Random

    @property
    def people(self) -> tuple[str, ...]:
        """Name the team."""
        return TEAMS[self.forge.name]

    def tell(self) -> None:
        """Tell all of it: milestones, changes, bugs, deployments, published releases."""
        for version, opened, shipped in RELEASES[self.forge.name]:
            self.forge.milestone(BEGAN + timedelta(days=opened), version, DUE.get(version), self.people[0])
            if shipped:
                at = BEGAN + timedelta(days=shipped, hours=6)
                self.forge.close_milestone(at, version, self.people[0])
                self.forge.publish(at + timedelta(minutes=10), f"v{version}.0", self.people[0])
        merged = []
        at = BEGAN
        while at < NOW - timedelta(hours=20):
            merged += self.change(at)
            at = later(at, self.draw.expovariate(1 / 4.2))
        self.bugs()
        self.deployments(sorted(merged))

    def milestone_at(self, at: datetime) -> str | None:
        """Pick what a change begun now is for; some are for nothing in particular."""
        day = (at - BEGAN).days
        fitting = [version for version, opened, shipped in RELEASES[self.forge.name]
                   if opened <= day and (shipped is None or day < shipped - 5)]  # fmt: skip
        chosen = fitting[-1] if fitting and self.draw.random() < 0.55 else None
        return None if chosen in FULL and at >= FULL[chosen] else chosen

    def change(self, at: datetime) -> list[tuple[datetime, str]]:
        """Tell one change from its branch to its end; gives back when it merged and as what."""
        draw = self.draw
        author, reviewer = draw.sample(self.people, 2)
        thing, verb = draw.choice(WORDS[self.forge.name]), draw.choice(VERBS)
        written_by_ai = draw.random() < 0.3 + 0.25 * ((at - BEGAN) / (NOW - BEGAN))
        trailer = CLAUDE if written_by_ai else ""
        lines = int(draw.lognormvariate(4.6 if written_by_ai else 3.7, 0.9))
        draft = draw.random() < 0.2
        pull = self.forge.pull(
            at, author, f"{verb} {thing}", f"{author}/{thing.replace(' ', '-')}-{self.forge._numbers}",  # noqa: SLF001
            messages=[f"{verb} {thing}{trailer}"], draft=draft, milestone=self.milestone_at(at),
            size=(lines, lines // 3, max(1, lines // 30)), paths=(f"src/{thing.split()[0]}/{thing.split()[-1]}.ts",),
        )  # fmt: skip
        at = self.checks(at, pull)
        if draft:
            at = later(at, draw.lognormvariate(1.5, 0.8))
            pull.ready(at, author)
        at = later(at, draw.lognormvariate(-1.5, 0.5))
        pull.ask(at, author, reviewer)
        slow = draw.lognormvariate(2.2 if written_by_ai else 1.5, 0.8)
        at = later(at, slow)
        if draw.random() < 0.06:
            pull.abandon(later(at, 20), author)
            return []
        while draw.random() < (0.4 if written_by_ai else 0.2):
            pull.review(at, reviewer, "changes_requested", "A few things to mend.")
            at = later(at, draw.lognormvariate(1.2, 0.8))
            pull.update(at, author, [f"Mend after review{trailer}"])
            at = self.checks(at, pull)
            at = later(at, draw.lognormvariate(1.3, 0.8))
        pull.review(at, reviewer, "approved")
        at = later(at, draw.lognormvariate(0.2, 0.9))
        return [(at, pull.merge(at, author))]

    def checks(self, at: datetime, pull: Pull) -> datetime:
        """Run the checks; now and then one fails first and is mended."""
        ended = at + timedelta(minutes=self.draw.randint(6, 25))
        failed = self.draw.random() < 0.12
        self.forge.check(at + timedelta(seconds=20), ended, pull, "tests", "failure" if failed else "success")
        if failed:
            at = later(ended, self.draw.lognormvariate(0.3, 0.6))
            pull.update(at, pull.data["user"]["login"], ["Mend the tests"])
            ended = at + timedelta(minutes=self.draw.randint(6, 25))
            self.forge.check(at + timedelta(seconds=20), ended, pull, "tests", "success")
        return ended

    def bugs(self) -> None:
        """Open and close bugs, and an incident a month; what blocks a release this morning is told by hand."""
        at = later(BEGAN, 10)
        while at < NOW:
            who = self.draw.choice(self.people)
            title = self.draw.choice(BUGS[self.forge.name])
            blocks = self.draw.random() < 0.3
            closed = later(at, self.draw.lognormvariate(2.8, 0.7))
            labels = ("bug", "release-blocker") if blocks and closed < NOW else ("bug",)
            self.forge.issue(at, who, title, labels, assignee=who).close(closed, who)
            at = later(at, self.draw.expovariate(1 / 12))
        for day in (33, 71, 118):
            began = BEGAN + timedelta(days=day, hours=self.draw.randint(0, 6), minutes=12)
            incident = self.forge.issue(
                began, self.people[1], f"Incident: {self.draw.choice(WORDS[self.forge.name])} fails for some customers",
                ("incident",), assignee=self.people[1],
            )  # fmt: skip
            incident.close(began + timedelta(minutes=self.draw.randint(40, 300)), self.people[1])

    def deployments(self, merged: list[tuple[datetime, str]]) -> None:
        """Deploy what is merged: every working day at two, the app on Tuesdays only; a few fail."""
        at = BEGAN.replace(hour=14)
        while at < NOW:
            ready = [sha for when, sha in merged if when < at]
            weekly = self.forge.name.endswith("app") and at.weekday() != 1
            if ready and at.weekday() < 5 and not weekly:
                state = "failure" if self.draw.random() < 0.05 else "success"
                self.forge.deploy(at, at + timedelta(minutes=9), ready[-1], "tidewater-deploy[bot]", state)
            at += timedelta(days=1)


def last_days(api: Forge, web: Forge, app: Forge) -> None:
    """Tell what the two open releases hang on, by hand."""
    monday = datetime(2026, 10, 26, 9, 30, tzinfo=UTC)
    sso = api.pull(
        monday, "joon-p", "SSO: verify the identity provider's signature", "claude/sso-signature",
        messages=["Verify the provider's signature" + CLAUDE], milestone="2.4", size=(812, 40, 21),
        labels=("ai-generated",),
    )  # fmt: skip
    api.check(monday, monday + timedelta(minutes=14), sso, "tests", "success")
    sso.ask(monday + timedelta(minutes=40), "joon-p", "ines-v")
    screen = web.pull(
        monday + timedelta(hours=3), "lea-b", "SSO sign-in screen", "lea-b/sso-screen",
        messages=["Add the SSO screen"], milestone="2.4", size=(240, 12, 9),
        body=f"Depends-On: https://github.example/tidewater/api/pull/{sso.number}",
    )  # fmt: skip
    web.check(monday + timedelta(hours=3), monday + timedelta(hours=3, minutes=12), screen, "tests", "success")
    screen.ask(monday + timedelta(hours=4), "lea-b", "nora-d")
    screen.review(monday + timedelta(hours=6), "nora-d", "approved")
    refunds = api.pull(
        monday + timedelta(days=2), "sam-otieno", "Refund flow: partial refunds", "sam-otieno/partial-refunds",
        messages=["Partial refunds"], milestone="2.4", size=(130, 44, 6),
    )  # fmt: skip
    started = monday + timedelta(days=2)
    api.check(started, started + timedelta(minutes=15), refunds, "tests", "success")
    refunds.ask(monday + timedelta(days=2, hours=1), "sam-otieno", "marta-k")
    refunds.review(monday + timedelta(days=3), "marta-k", "changes_requested", "What if the fee was waived?")
    prices = web.pull(
        monday + timedelta(days=3, hours=2), "yusuf-a", "Price table <!channel> with *new* zones", "yusuf-a/zones",
        messages=["New zones"], milestone="2.4", size=(75, 20, 4),
    )  # fmt: skip
    web.check(monday + timedelta(days=3, hours=2), monday + timedelta(days=3, hours=3), prices, "tests", "failure")
    addresses = web.pull(
        monday + timedelta(days=4), "tom-w", "Saved addresses for teams", "cursor/saved-addresses",
        messages=["Saved addresses"], draft=True, size=(400, 8, 12),
    )  # fmt: skip
    web.check(monday + timedelta(days=4), monday + timedelta(days=4, minutes=9), addresses, "tests", "success")
    web.issue(
        monday + timedelta(days=4, hours=5), "nora-d", "Checkout total is wrong with two vouchers",
        ("bug", "release-blocker"), milestone="2.4",
    )  # fmt: skip
    scan = app.pull(
        monday + timedelta(days=1), "olu-f", "Offline scan: keep 500 parcels", "olu-f/offline-500",
        messages=["Keep more parcels"], milestone="7.1", size=(310, 90, 11),
    )  # fmt: skip
    started = monday + timedelta(days=1)
    app.check(started, started + timedelta(minutes=11), scan, "tests", "success")
    scan.ask(monday + timedelta(days=1, hours=2), "olu-f", "pia-r")
    scan.conflict(monday + timedelta(days=5, hours=1), "olu-f")


def small_release(web: Forge) -> None:
    """Tell of the small release between the large ones, which went out last week."""
    opened = datetime(2026, 10, 26, 9, tzinfo=UTC)
    web.milestone(opened - timedelta(days=6), "2.3.1", None, "nora-d")
    told = (
        ("tom-w", "lea-b", "Tracking page loads without the map"),
        ("lea-b", "tom-w", "Fewer steps in the returns wizard"),
    )
    for day, (author, reviewer, title) in enumerate(told):
        at = opened + timedelta(minutes=20 * day)
        pull = web.pull(
            at, author, title, f"{author}/small-{day}", messages=[title], milestone="2.3.1", size=(9, 4, 2),
            paths=("src/tracking/page.ts" if day == 0 else "src/returns/wizard.ts",),
        )  # fmt: skip
        web.check(at, at + timedelta(minutes=12), pull, "tests", "success")
        pull.ask(at + timedelta(minutes=15), author, reviewer)
        pull.review(at + timedelta(hours=2), reviewer, "approved")
        pull.merge(at + timedelta(hours=3), author)
    out = datetime(2026, 10, 27, 15, tzinfo=UTC)
    web.close_milestone(out, "2.3.1", "nora-d")
    web.publish(out + timedelta(minutes=5), "v2.3.1", "nora-d")


def pages() -> list[Page]:
    """Tell the incidents that woke somebody."""
    tracking, labels = datetime(2026, 10, 29, 13, 20, tzinfo=UTC), datetime(2026, 11, 2, 7, 5, tzinfo=UTC)
    return [
        Page(118, "Web shop", "Tracking page shows no position", "Tom Weiss", (
            ("triggered", tracking), ("acknowledged", tracking + timedelta(minutes=6)),
            ("resolved", tracking + timedelta(hours=2, minutes=15)),
        )),
        Page(121, "Parcel API", "Label printing is slow", "Sam Otieno", (
            ("triggered", labels), ("acknowledged", labels + timedelta(minutes=3)),
            ("resolved", labels + timedelta(minutes=50)),
        ), urgency="low"),
    ]  # fmt: skip


def company() -> list[Forge]:
    """Tell all of it; the same every time."""
    forges = [Forge(name) for name in TEAMS]
    for index, forge in enumerate(forges):
        Story(forge, random.Random(2400 + index)).tell()  # noqa: S311 - a story, no secret
    last_days(*forges)
    small_release(forges[1])
    return forges
