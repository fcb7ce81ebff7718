"""What does a large workspace send in a year? Small deliveries, many of them, the same in every run."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from demo.forge import Forge, Json, deliveries

NOW = datetime(2026, 11, 3, 10, tzinfo=UTC)
YEAR = timedelta(days=364)
RELEASE = "2.4"
MEMBERS = 60
IN_HAND = 120  # newest changes of a repository of which half is open, where it has so many
FOLDERS = tuple(f"area-{number}" for number in range(15))
PEOPLE = tuple(f"person-{number}" for number in range(12))


def repository(name: str, changes: int, members: int, seed: int) -> Forge:
    """Tell a year of one repository: so many changes, the newest ``members`` of them for the release asked about.

    Ten deliveries a change: push, opened, two of a check, asked, reviewed, push and closed, and a deployment's two.
    Of the members a third is still waiting for review, the rest has merged; of the other newest changes half is open,
    some of them with a review that asked for more, as a team has in hand.
    """
    draw = random.Random(seed)  # noqa: S311 - made-up data, no secret
    forge = Forge(name)
    forge.milestone(NOW - YEAR, RELEASE, NOW + timedelta(days=10), PEOPLE[0])
    for index in range(changes):
        left = changes - index
        author, reviewer = draw.sample(PEOPLE, 2)
        at = NOW - YEAR + (YEAR - timedelta(days=4)) * (index / changes)
        pull = forge.pull(
            at, author, f"Change {index}", f"b{index}", messages=["Work"],
            milestone=RELEASE if left <= members else None, size=(draw.randint(1, 400), 10, 3),
            paths=(f"src/{draw.choice(FOLDERS)}/part.py",),
        )  # fmt: skip
        forge.check(at, at + timedelta(minutes=10), pull, "tests", "success")
        pull.ask(at + timedelta(minutes=20), author, reviewer)
        if left <= members and index % 3 == 0:
            continue
        if members < left <= min(IN_HAND, changes // 4) and index % 2 == 0:
            if index % 8 == 0:
                pull.review(at + timedelta(hours=5), reviewer, "changes_requested")
            continue
        at += timedelta(hours=draw.lognormvariate(2, 1))
        pull.review(at, reviewer, "approved")
        at += timedelta(hours=draw.lognormvariate(0.5, 1))
        sha = pull.merge(at, author)
        at += timedelta(hours=draw.uniform(1, 20))
        forge.deploy(at, at + timedelta(minutes=5), sha, "deploy[bot]")
    return forge


def workspace(changes: int, repositories: int = 20) -> Iterator[Json]:
    """Yield the import lines of a workspace with so many changes, repository by repository."""
    each = changes // repositories
    for number in range(repositories):
        members = MEMBERS // 2 if number < 2 else 0  # noqa: PLR2004 - the release spans two repositories
        yield from deliveries([repository(f"acme/service-{number}", each, members, number)], NOW)
