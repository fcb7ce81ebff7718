"""What did people do about the things that were brought to them?"""

from collections.abc import Mapping

from storage.facts import Needs
from storage.records import Attention
from storage.shelf import Shelf


def attention(shelf: Shelf, needs: Needs, since: int) -> Mapping[str, Attention]:
    """What was done since a stamp about things of the repositories that may be seen, by the thing's object."""
    _ = shelf, needs, since
    return {}
