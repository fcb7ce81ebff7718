"""Why can nobody tell whether a release has shipped, though nothing is known to be left of it?"""

from collections.abc import Iterator, Sequence

from assistant.shipping import Out
from assistant.situation import Situation
from assistant.unknowns import Unknown
from assistant.unseen import doubts

HIDDEN = Unknown(
    "hidden", "Part of it is in repositories that may not be shown here, and is left out.",
    "Ask somebody who may see them.", unsettles=True,
)  # fmt: skip


def shipping_gaps(situation: Situation, out: Out) -> Iterator[Unknown]:
    """What is merged and may or may not be out; beside something that is out, also what nobody tells of or is hidden.

    What was in production before a commit that nobody saw land has shipped then.
    """
    never = [change for change in situation.members.changes if situation.production.shipped(change) is None]
    yield from doubts(never, situation)
    if out.at and out.untold:
        yield no_deployments(out.untold)
    if out.at and situation.partly_hidden:
        yield HIDDEN


def no_deployments(repositories: Sequence[str]) -> Unknown:
    """The gap that repositories leave of which nobody ever told a deployment."""
    return Unknown(
        "no_deployment_source", f"It is not known what of {', '.join(repositories)} is in production: nobody told of a "
        "deployment of it.",
        "Add `lastmile deployed SERVICE SHA ENVIRONMENT` to the pipeline.", unsettles=True,
    )  # fmt: skip
