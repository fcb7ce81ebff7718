"""What would the assistant say at Tidewater Parcels, made up for this, on the morning of 3 November?"""

import os
import subprocess
import sys
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path

from assistant.acts import (
    acknowledge_handoff,
    declare_freeze,
    finish_handoff,
    hand_off,
    plan_release,
    provide_enablement,
    return_handoff,
)
from assistant.desk import Desk
from assistant.policy import load_policy
from assistant.viewer import viewer_for
from demo.company import DUE, NOW, company, pages
from demo.forge import deliveries, stamp, write_lines
from storage.ledger import open_ledger

HERE = Path(__file__).parent
STORY, DATABASE, CONFIG = HERE / "story.ndjson", HERE / "lastmile.db", HERE / "lastmile.toml"
SETTINGS = {"LASTMILE_DATABASE_URL": f"sqlite:///{DATABASE}", "LASTMILE_CONFIG": str(CONFIG)}
KEPT = ("PATH", "HOME", "TERM", "LANG", "LC_ALL", "COLUMNS", "NO_COLOR")  # none of the reader's own settings
DECISIONS = (
    ("marta", datetime(2026, 10, 5, 9, tzinfo=UTC), plan_release.NAME,
     plan_release.Wish("shop", "2.4", target=DUE["2.4"], delegates=("nora",), impact="some",
                       why="Promised to two customers")),
    ("pia", datetime(2026, 10, 12, 9, tzinfo=UTC), plan_release.NAME,
     plan_release.Wish("courier", "7.1", target=DUE["7.1"], why="The autumn app")),
    ("marta", datetime(2026, 10, 30, 15, tzinfo=UTC), declare_freeze.NAME,
     declare_freeze.Wish(("api",), datetime(2026, 11, 6, 17, tzinfo=UTC), datetime(2026, 11, 9, 9, tzinfo=UTC),
                         "Peak weekend")),
    ("nora", datetime(2026, 10, 28, 9, tzinfo=UTC), hand_off.NAME,
     hand_off.Wish("handoff:returns", "engineering", "qa", "release:shop@2.4", "Test the returns wizard",
                   due_at=datetime(2026, 10, 30, 17, tzinfo=UTC))),
    ("quinn", datetime(2026, 10, 30, 11, tzinfo=UTC), finish_handoff.NAME,
     finish_handoff.Wish("handoff:returns", "2.4 rc 1", ("What needs testing", "Rollback"))),
    ("marta", datetime(2026, 10, 30, 9, tzinfo=UTC), hand_off.NAME,
     hand_off.Wish("handoff:sign-in", "engineering", "qa", "release:shop@2.4", "Test the sign-in with SSO",
                   due_at=datetime(2026, 11, 2, 17, tzinfo=UTC))),
    ("quinn", datetime(2026, 10, 30, 14, tzinfo=UTC), acknowledge_handoff.NAME,
     acknowledge_handoff.Wish("handoff:sign-in")),
    ("nora", datetime(2026, 11, 2, 10, tzinfo=UTC), hand_off.NAME,
     hand_off.Wish("handoff:vouchers", "engineering", "customer_success", "release:shop@2.4",
                   "Tell support how vouchers change", due_at=datetime(2026, 11, 6, 17, tzinfo=UTC))),
    ("cora", datetime(2026, 11, 2, 15, tzinfo=UTC), return_handoff.NAME,
     return_handoff.Wish("handoff:vouchers", "Which customers have two vouchers today?")),
    ("cora", datetime(2026, 11, 2, 16, tzinfo=UTC), provide_enablement.NAME,
     provide_enablement.Wish("release:shop@2.4", "release notes", url="https://wiki.tidewater.example/notes/2-4")),
)  # fmt: skip
DIGESTS = (("bottleneck", "--team", "storefront"), ("stabilization",))
QUESTIONS = ("what's blocking release 2.4", "what's blocking service courier-app", "which releases are open")


def lastmile(*words: str) -> None:
    """Run the command as a person would, and show what they would type."""
    shown = " ".join(f'"{word}"' if " " in word else word for word in words)
    sys.stdout.write(f"\n$ lastmile {shown}\n")
    sys.stdout.flush()
    command = [Path(sys.executable).with_name("lastmile"), *words]
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}  # noqa: TID251  the demo is its own edge
    subprocess.run(command, check=True, env={**kept, **SETTINGS})  # noqa: S603  our own command


def decide() -> None:
    """Let three people decide what they would have decided in Slack, when they would have."""
    policy = load_policy(CONFIG)
    with open_ledger(SETTINGS["LASTMILE_DATABASE_URL"], policy.fold_rules()) as ledger:
        desk = Desk(ledger, policy, lambda: NOW)
        for person, at, name, wish in sorted(DECISIONS, key=itemgetter(1)):
            done = desk.act(name, wish, viewer_for(policy, f"person/{person}", policy.people[person].name), at)
            sys.stdout.write(f"{policy.people[person].name}, {at:%-d %B}: {done.text}\n")


def main() -> None:
    """Load the months, ask the main questions, show two digests, and say what comes next."""
    for old in HERE.glob("lastmile.db*"):
        old.unlink()
    with STORY.open("w", encoding="utf-8") as lines:
        paged = [line for page in pages() for line in page.deliveries(NOW)]
        lines.writelines(write_lines(sorted([*deliveries(company(), NOW), *paged], key=itemgetter("received_at"))))
    sys.stdout.write("Tidewater Parcels does not exist: every name, title and number below is made up.\n")
    lastmile("import", os.path.relpath(STORY))
    decide()
    for question in QUESTIONS:
        lastmile("ask", question, "--now", stamp(NOW))
    lastmile("handoffs", "2.4", "--now", stamp(NOW))
    for digest in DIGESTS:
        lastmile("digest", "preview", *digest, "--now", stamp(NOW))
    sys.stdout.write(
        "\nYour own, in three steps:\n"
        "  1. Slack: create an app from manifest.yml and put its tokens into .env (README, Connect Slack).\n"
        "  2. GitHub: add a webhook to https://YOUR-HOST/webhooks/github (README, Connect GitHub).\n"
        "  3. Run .venv/bin/lastmile serve, and type /blocking in Slack.\n"
    )


if __name__ == "__main__":
    main()
