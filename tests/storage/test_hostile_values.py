"""Whatever a source sends, the raw body is kept, the columns are cleaned, and nothing crashes."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.cleaning import clean, encode
from storage.records import Delivery, Malformed, Outcome, Taken, UnknownEvent
from tests.builders import CHANGE, NOON, opened
from tests.ledgers import as_told, delivered, event

HOSTILE = (
    "nul \x00 inside", "lone \ud800 surrogate", "\udcff", "right \u202e to left", "\x1f", "😀" * 500, "x" * 10_000,
    "<!channel> <@U1> <http://x|y>", "'; DROP TABLE event; --", "%s %(a)s ? :x {0}", "", " ",
)  # fmt: skip
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec=None)), inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_taken_in_wherever_they_stand(ledger, text):
    told = event(
        f"external:{text}", f"kind{text}", text, source=f"github{text}", actor=text, repository=text, title=text
    )
    raw = text.encode("utf-8", "surrogatepass") + b"\x00\xff"
    delivery = Delivery("github", f"id {text}", {"X-GitHub-Event": text, text: "x"}, raw, NOON)
    assert ledger.append([Taken(delivery, (told,))]) == [Outcome.NEW]
    assert ledger.append([Taken(delivery, (told,))]) == [Outcome.DUPLICATE]
    assert next(ledger.export()).body == raw
    assert ledger.figures().events == 1
    assert ledger.history(clean(f"external:{text}"))[0].data == {"title": clean(text)}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_titles_milestones_and_labels_can_be_found_again(ledger, text):
    ledger.append(
        [delivered(as_told(opened(title=text, milestone=text, labels=[f"release:{text}"], base=f"release/{text}")))]
    )
    assert ledger.get([CHANGE])[CHANGE].number == 101
    for release in ledger.named(None):
        assert release in ledger.named(release.key)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_reasons_are_kept_and_shown(ledger, text):
    taken = [
        Taken(Delivery("github", "1", {}, b"", NOON), Malformed(text)),
        Taken(Delivery("github", "2", {}, b"\x00", NOON), UnknownEvent(text)),
    ]
    assert ledger.append(taken) == [Outcome.MALFORMED, Outcome.UNKNOWN]
    assert {sample.reason for sample in ledger.figures().samples} == {clean(text)}


def test_huge_numbers_and_deep_nesting_are_cut_down(ledger):
    deep = []
    for _ in range(5000):
        deep = [deep]
    ledger.append([delivered(event(number=10**5000, deep=deep, small=7))])
    data = ledger.history("external:store")[0].data
    assert (data["small"], data["number"]) == (7, "a number beyond reason")


def test_a_change_with_a_number_beyond_any_column_is_kept(ledger):
    change = CHANGE.replace("101", str(10**30))
    told = as_told(opened(number=10**30))
    made = event(change, told.kind, repository="acme/api", **told.data)
    assert ledger.append([delivered(made)]) in ([Outcome.NEW], [Outcome.UNKNOWN])
    assert ledger.find_change(10**30) == ()
    assert ledger.figures().bodies == 1


def test_a_body_of_any_bytes_finds_no_repository_and_does_no_harm(sqlite_ledger):
    bodies = [
        b"",
        b"[" * 200_000,
        b'{"repository": 7}',
        b'{"repository": {"full_name": "A\\u0000b/C"}}',
        b"\xff\xfe",
        b"null",
    ]
    taken = [
        Taken(Delivery("github", str(number), {}, body, NOON), UnknownEvent("who knows"))
        for number, body in enumerate(bodies)
    ]
    assert set(sqlite_ledger.append(taken)) == {Outcome.UNKNOWN}
    assert [delivery.body for delivery in sqlite_ledger.export()] == bodies


@given(value=json_values)
def test_what_is_encoded_can_be_decoded_and_holds_nothing_that_a_column_refuses(value):
    encoded = encode(value)
    assert b"\\u0000" not in encoded
    encoded.decode("utf-8")
    assert encode(msgspec.json.decode(encoded)) == encode(msgspec.json.decode(encode(msgspec.json.decode(encoded))))


@given(text=st.text(st.characters(codec=None)))
def test_clean_text_fits_every_column_and_stays_as_long(text):
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert "\x00" not in cleaned
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned


def test_equal_data_have_equal_bytes_whatever_the_order_of_their_keys():
    assert encode({"a": 1, "b": {"c": 2, "d": 3}}) == encode({"b": {"d": 3, "c": 2}, "a": 1})
