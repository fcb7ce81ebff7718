"""Whose an incident is may be put right by whoever may know of it, as with anything else."""

from assistant.acts import correct_owner
from assistant.deciding import Refused
from storage.state.corrections import corrected
from tests.builders import incident_of, office

PAGE = "incident:pagerduty/PAGE1"


def facing(service="api"):
    return office(incident_of(services=(service,)))


def wish(owner="cem", why="Cem has the pager", subject=PAGE):
    return correct_owner.Wish(subject, owner, why)


def test_an_insider_says_whose_it_is_and_takes_it_back():
    company = facing()
    company.act(correct_owner, wish(), "person/anna")
    assert corrected(company.events).owner == "person/cem"
    assert (company.events[0].object, company.events[0].repository) == (PAGE, None)
    assert company.act(correct_owner, wish(None))[0].data["owner"] is None


def test_nobody_else_does_nor_without_a_reason_nor_for_what_they_may_not_see():
    assert "Only members" in facing().refusal(correct_owner, wish(), "person/gus", inside=False)
    assert "Say why" in facing().refusal(correct_owner, wish(why=" "))
    hidden, unknown = facing("safe"), facing()
    assert "I know nothing of" in hidden.refusal(correct_owner, wish())
    assert "I know nothing of" in unknown.refusal(correct_owner, wish(subject="incident:pagerduty/NONE"))
    assert isinstance(hidden.act(correct_owner, wish()), Refused)
