"""The numbers of delivery say what they do not know, what can be mended first."""

from dataclasses import replace

from assistant.delivery_gaps import FLOW, gaps, incidents_in, watching
from assistant.gaps import NO_EVENTS
from assistant.scoped import Scoped
from assistant.scopes import service_subject, team_subject
from assistant.unknowns import Unknown
from storage import facts as kinds
from storage.facts import Freshness
from tests.builders import COMPANY, NOON, deployment_of, facts_of, incident_of, policy_of, ticket_of, viewer
from tests.delivered import DAY, flow_of, weekly
from tests.handing import handoff_of

POLICY = policy_of(COMPANY)
KNOWN = ("acme/api", "acme/web", "acme/ledger")


def scoped(policy=POLICY, who=None):
    return Scoped(team_subject(policy, "core"), who or viewer(policy=policy), KNOWN)


def keys(facts, parameters=None, unwatched=None, policy=POLICY):
    return [gap.key for gap in gaps(facts, parameters or scoped(policy), policy, unwatched, NOON)]


def test_what_is_not_recorded_yet_is_always_said_and_last():
    assert keys(facts_of()) == ["promises_to_customers", "handoffs", "work_before_opening"]


def test_where_something_was_handed_to_qa_tests_by_people_are_recorded():
    here = replace(scoped(), handoffs=(handoff_of(),))
    assert keys(facts_of(), here) == ["promises_to_customers", "work_before_opening"]
    others = replace(
        scoped(), handoffs=(handoff_of(about="release:billing@1"), handoff_of(to_function="design", steps=()))
    )
    assert "handoffs" in keys(facts_of(), others)


def test_of_an_empty_ledger_nothing_else_is_said():
    assert gaps(facts_of(events=0), scoped(), POLICY, None, NOON) == (NO_EVENTS,)


def test_a_silent_source_is_named():
    facts = facts_of(freshness=Freshness({"github": NOON - 9 * DAY}, {}))
    assert keys(facts)[0] == "stale_source"
    assert "9 days ago" in gaps(facts, scoped(), POLICY, None, NOON)[0].says


def test_repositories_of_which_nobody_tells_a_deployment_are_named():
    found = gaps(facts_of(deploying=("acme/api",)), scoped(), POLICY, None, NOON)[0]
    assert (found.key, "acme/web" in found.says, "acme/api" in found.says) == ("no_deployment_source", True, False)


def test_many_of_them_are_counted():
    wide = policy_of(f"[teams.core]\nmembers=[]\nrepositories={[f'acme/r{n}' for n in range(6)]}")
    found = gaps(facts_of(deploying=()), scoped(wide), wide, None, NOON)[0]
    assert "acme/r0, acme/r1, acme/r2 and 3 more" in found.says


def test_what_the_reader_may_not_see_is_said_to_be_left_out():
    text = COMPANY + '[access.people]\nanna = ["acme/api"]\n'
    partly = policy_of(text)
    assert "hidden" in keys(facts_of(), scoped(partly, viewer(policy=partly)), policy=partly)


def test_that_nobody_watches_for_incidents_is_passed_on():
    assert "not_watched" in keys(facts_of(), unwatched=Unknown("not_watched", "Nobody.", "Connect."))


def test_changes_that_close_no_issue_leave_requests_unknown():
    assert "requests" in keys(facts_of(flow={FLOW: flow_of(*weekly(3))}))
    asked = flow_of(*weekly(2), *weekly(1, first=9, requested=NOON - 90 * DAY))
    assert "requests" not in keys(facts_of(flow={FLOW: asked}))


def test_deployments_beyond_what_is_handed_over_are_said_to_be_left_out(monkeypatch):
    monkeypatch.setattr("assistant.delivery_gaps.MOST_SINCE", 2)
    assert "too_many" in keys(facts_of(deployment_of("a", "1"), deployment_of("b", "2")))
    assert kinds.MOST_SINCE == 2000


def test_incidents_are_those_of_what_the_reader_may_see():
    text = COMPANY + '[access.people]\nanna = ["acme/web"]\n'
    partly = policy_of(text)
    mine = incident_of("W", services=("web",))
    others = (incident_of("A"), ticket_of(7, labels=("incident",)))
    found = incidents_in(facts_of(incidents=(mine, *others)), scoped(partly, viewer(policy=partly)), partly)
    assert [one.object for one in found] == [mine.object]


def test_an_incident_of_no_known_service_is_seen_inside_the_company():
    lost = incident_of("X", services=())
    assert incidents_in(facts_of(incidents=(lost,)), scoped(), POLICY) == [lost]
    guest = viewer("slack/U9", POLICY, inside=False)
    assert incidents_in(facts_of(incidents=(lost,)), scoped(who=guest), POLICY) == []


def test_an_incident_where_no_customer_is_is_none():
    staging, live = incident_of("S", environment="staging"), incident_of("P", environment="production")
    assert incidents_in(facts_of(incidents=(staging, live)), scoped(), POLICY) == [live]


def test_a_service_whose_name_has_a_slash_is_no_repository():
    odd = incident_of("O", services=("acme/unheard",))
    some = policy_of(COMPANY + '[access.people]\nanna = ["acme/web"]\n')
    assert incidents_in(facts_of(incidents=(odd,)), scoped(some, viewer(policy=some)), some) == [odd]


def test_what_has_to_be_watched_are_the_services_of_the_scope():
    assert set(watching(scoped(), POLICY).services) == {"api", "web"}
    one = Scoped(service_subject(POLICY, "api"), viewer(policy=POLICY), KNOWN)
    assert watching(one, POLICY).services == ("api",)
