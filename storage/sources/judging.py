"""What does a delivery say, whatever way it came in?"""

from storage.intake import READERS
from storage.records import Delivery, Malformed, Taken, UnknownEvent


def judge(delivery: Delivery) -> Taken:
    """Read a delivery with its source's reader, beside what the reader made of it.

    A reader that fails on something it did not foresee gives UnknownEvent: the delivery is kept whole and counted,
    and the doctor shows it, so nothing is lost to our own mistakes either.
    """
    reader = READERS.get(delivery.source)
    if reader is None:
        return Taken(delivery, UnknownEvent(f"nothing here reads the source {delivery.source[:50]!r}"))
    try:
        return Taken(delivery, reader(delivery.headers, delivery.body))
    except Malformed as error:
        return Taken(delivery, error)
    except Exception as error:  # noqa: BLE001  the one way in for every delivery
        return Taken(delivery, UnknownEvent(f"its reader failed: {type(error).__name__}"))
