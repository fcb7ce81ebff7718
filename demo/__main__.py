"""What would the assistant say at Tidewater Parcels, made up for this, on the morning of 3 November?"""

import subprocess
import sys
from pathlib import Path

from demo.company import NOW, company
from demo.forge import deliveries, stamp, write_lines

HERE = Path(__file__).parent
STORY, DATABASE, CONFIG = HERE / "quarter.ndjson", HERE / "lastmile.db", HERE / "lastmile.toml"
SETTINGS = {"LASTMILE_DATABASE_URL": f"sqlite:///{DATABASE}", "LASTMILE_CONFIG": str(CONFIG)}
ASKED_AT = stamp(NOW)

DECISIONS = (
    ("marta", "2026-10-05T09:00:00Z", "release set 2.4 --product shop --target 2026-11-13 --owner marta --delegate nora "
     "--why Agreed_with_sales"),
    ("pia", "2026-10-12T09:00:00Z", "release set 7.1 --product courier --target 2026-11-20 --owner pia --why Autumn_app"),
    ("marta", "2026-10-30T15:00:00Z", "freeze declare --service api --service web --from 2026-11-06T17:00 "
     "--until 2026-11-09T09:00 --why Peak_weekend"),
)  # fmt: skip
QUESTIONS = ("what's blocking release 2.4", "what's blocking courier-app", "what's blocking Storefront", "releases")


def lastmile(*words: str) -> None:
    """Run the command as a person would, and show it."""
    shown = " ".join(f'"{word}"' if " " in word else word for word in words)
    sys.stdout.write(f"\n$ lastmile {shown}\n")
    sys.stdout.flush()
    command = [Path(sys.executable).with_name("lastmile"), *words]
    colour = {"FORCE_COLOR": "1"} if sys.stdout.isatty() else {}
    subprocess.run(command, check=True, env={**inherited(), **SETTINGS, **colour})  # noqa: S603 - our own command


def inherited() -> dict[str, str]:
    """Hand on what a terminal needs, and none of the reader's own settings."""
    import os

    kept = ("PATH", "HOME", "TERM", "LANG", "COLUMNS", "NO_COLOR", "USER")
    return {name: os.environ[name] for name in kept if name in os.environ}  # noqa: TID251 - the demo is its own edge


def main() -> None:
    """Load the quarter, ask the main questions, and say what comes next."""
    for old in HERE.glob("lastmile.db*"):
        old.unlink()
    with STORY.open("w", encoding="utf-8") as lines:
        lines.writelines(write_lines(deliveries(company(), NOW)))
    sys.stdout.write("Tidewater Parcels does not exist: every name, title and number below is made up.\n")
    lastmile("import", str(STORY.relative_to(Path.cwd()) if STORY.is_relative_to(Path.cwd()) else STORY))
    for who, at, words in DECISIONS:
        lastmile(*(word.replace("_", " ") for word in words.split()), "--as", who, "--now", at)
    for question in QUESTIONS:
        lastmile("ask", question, "--now", ASKED_AT)
    sys.stdout.write(
        "\nYour own, in three steps:\n"
        "  1. Slack: create an app from manifest.yml, put its tokens into .env (see README, Connect Slack).\n"
        "  2. GitHub: add a webhook to <your address>/webhooks/github with GITHUB_WEBHOOK_SECRET (Connect GitHub).\n"
        "  3. Run .venv/bin/lastmile serve, then type /blocking in Slack.\n"
    )


main()
