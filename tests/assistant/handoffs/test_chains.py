"""A chain is what a handoff carries on, itself, and what carries it on."""

from assistant.handoffs.chains import Chains
from assistant.handoffs.standing import Stand
from tests.handing import handoff_of


def stands(**previous):
    return {
        name: Stand(handoff_of(name, previous=before), handoff_of().state, handoff_of().opened_at)
        for name, before in previous.items()
    }


def names(chain):
    return [one.handoff.object for one in chain]


def test_it_is_the_same_from_wherever_one_looks_along_it():
    known = stands(a=None, b="a", c="b", other=None)
    for one in "abc":
        assert names(Chains(known.values()).of(known[one])) == ["a", "b", "c"]
    assert names(Chains(known.values()).of(known["other"])) == ["other"]


def test_one_that_is_carried_on_twice_has_both_after_it():
    known = stands(a=None, b="a", c="a", d="b")
    assert names(Chains(known.values()).of(known["a"])) == ["a", "b", "c", "d"]
    assert names(Chains(known.values()).of(known["d"])) == ["a", "b", "d"]


def test_what_it_carries_on_may_be_forgotten_and_a_circle_ends():
    known = stands(b="gone", x="y", y="x")
    assert names(Chains(known.values()).of(known["b"])) == ["b"]
    assert names(Chains(known.values()).of(known["x"])) == ["y", "x"]
