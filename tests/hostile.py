"""What may anybody send, to see that no reader breaks on it?"""

from hypothesis import strategies as st

from storage.records import Ignored, Malformed, UnknownEvent

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
_ODD = st.sampled_from(
    ["9" * 400, "\ud800", "\x00", "0001-01-01T00:00:00+14:00", "x" * 100_000, "a/b#" + "9" * 30, 10**40]
)


def mutated(data, body):
    """A payload with one to three of its values replaced by something odd, or gone."""
    for _ in range(data.draw(st.integers(1, 3))):
        paths = [path for path in _places(body) if path]
        if not paths:
            break
        path = data.draw(st.sampled_from(paths))
        holder = body
        for key in path[:-1]:
            holder = holder[key]
        if data.draw(st.booleans()):
            holder[path[-1]] = data.draw(JSON | _ODD)
        else:
            del holder[path[-1]]
    return body


def survives(read, *sent):
    """Read it; anything but an exception of our own making will do."""
    try:
        verdict = read(*sent)
    except Malformed:
        return
    assert isinstance(verdict, Ignored | UnknownEvent | tuple)


def _places(value, path=()):
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from _places(one, (*path, key))
