"""What do the sources send, and what do their readers make of it?"""

import json
from pathlib import Path

from storage.intake import github

PAYLOADS = Path(__file__).parent / "payloads"


def payload(name):
    """One of our made-up deliveries, parsed: ``payload("github/push__topic")``."""
    return json.loads((PAYLOADS / f"{name}.json").read_text())


def github_reads(name, change=None):
    """What the reader of GitHub's deliveries makes of a payload, after ``change`` (a function) was done to it."""
    told = payload(f"github/{name}")
    if change:
        change(told)
    return github.read({"X-GitHub-Event": name.partition("__")[0]}, json.dumps(told).encode())
