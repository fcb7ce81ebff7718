"""What people decided, folded from the events of their acts."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.records import HARD_GATES, Folded
from storage.state.decisions import fold_decision
from tests.builders import NOON, RELEASE, at, happened

ANNA, BO, CEM = "person/anna", "person/bo", "person/cem"
FREEZE, TRAIN, WAIT = "freeze:api/2026-11-18", "train:weekly", "external:checkout@2.4/app store"
LATER, DUE, MOVED = "2026-12-24T17:00:00Z", "2026-12-01T17:00:00Z", "2026-12-08T17:00:00Z"


def said(kind, time="18T12:00", actor=ANNA, /, on=RELEASE, **data):
    event = happened(on, kind, time, f"{time}|{actor}|{data.get('blocker', '')}", actor=actor)
    event.data.update(data)
    return event


def risk(kind, time, actor, blocker="ticket:acme/api#55", gate="blocker_bug", **more):
    return said(kind, time, actor, blocker=blocker, kind=gate, **more)


def folded(*events, on=RELEASE):
    return fold_decision(on, events).record


# Releases


def test_a_release_is_what_its_plan_says():
    release = folded(
        said("release.planned", product="Checkout", version="2.4.0", name=None),
        said("release.owned", owner=ANNA),
        said("release.delegated", delegates=[BO, CEM]),
        said("release.targeted", target=DUE),
        said("release.boarded", train=TRAIN),
    )
    assert (release.product, release.version, release.name) == ("Checkout", "2.4.0", "2.4.0")
    assert (release.owner, release.delegates, release.target) == (ANNA, (BO, CEM), at(DUE))
    assert (release.train, release.declared_at) == (TRAIN, NOON)


def test_a_release_of_which_only_an_estimate_is_known_is_named_by_its_object():
    release = folded(said("blocker.estimated", blocker="change:acme/api#1", until=DUE))
    assert (release.product, release.version, release.owner) == ("checkout", "2.4", None)


def test_the_first_plan_says_since_when_a_later_one_may_rename():
    release = folded(
        said("release.planned", "16T09:00", product="checkout", version="2.4", name=None),
        said("release.planned", "17T09:00", product="other", version="9", name="Winter"),
    )
    assert (release.product, release.version, release.name) == ("checkout", "2.4", "Winter")
    assert release.declared_at == at("2026-11-16T09:00")


def test_every_earlier_target_stays_with_who_moved_it_and_why():
    release = folded(
        said("release.targeted", "16T09:00", target=DUE),
        said("release.targeted", "17T09:00", BO, target=MOVED, why="QA is ill"),
        said("release.targeted", "18T09:00", CEM, target=None, why="nobody knows"),
    )
    assert release.target is None
    assert release.targets_before == (
        (at(DUE), BO, "QA is ill", at("2026-11-17T09:00")),
        (at(MOVED), CEM, "nobody knows", at("2026-11-18T09:00")),
    )


def test_the_same_target_again_is_no_move():
    assert (
        folded(said("release.targeted", "16T09:00", target=DUE), said("release.targeted", target=DUE)).targets_before
        == ()
    )


@pytest.mark.parametrize("target", ["someday", 20261201, "2026-12-01", ["x"]])
def test_a_target_that_is_no_instant_moves_nothing(target):
    assert folded(
        said("release.targeted", "16T09:00", target=DUE), said("release.targeted", target=target)
    ).target == at(DUE)


def test_the_scope_is_frozen_since_the_first_time_until_it_is_opened():
    first, again = said("release.scope_frozen", "16T09:00"), said("release.scope_frozen", "17T09:00")
    assert folded(first, again).scope_frozen_at == at("2026-11-16T09:00")
    assert folded(first, again, said("release.scope_unfrozen")).scope_frozen_at is None


def test_the_first_end_counts_and_planning_again_brings_it_back():
    cancelled = said("release.ended", "16T09:00", **{"as": "cancelled"})
    superseded = said("release.ended", "17T09:00", BO, **{"as": "superseded"})
    release = folded(cancelled, superseded)
    assert (release.ended, release.ended_at) == ("cancelled", at("2026-11-16T09:00"))
    assert folded(cancelled, said("release.planned", version="2.4", product="checkout")).ended is None


def test_an_end_of_a_kind_nobody_knows_ends_nothing():
    assert folded(said("release.ended", **{"as": "exploded"})).ended is None


def test_how_much_customers_notice_counts_since_it_was_last_said_to_be_so():
    release = folded(
        said("release.impact", "16T09:00", impact="some"), said("release.impact", "17T09:00", impact="some"),
        said("release.impact", "17T10:00", impact="enormous"),
    )  # fmt: skip
    assert (release.impact, release.impact_at) == ("some", at("2026-11-16T09:00"))
    assert folded(said("release.impact", impact=7)).impact is None


def test_what_customers_need_is_there_by_the_newest_word_on_it():
    release = folded(
        said("release.provided", "16T09:00", what="Training", there=True, url="https://acme.example/1"),
        said("release.provided", "17T09:00", BO, what="training", there=True, url=None),
        said("release.provided", "17T10:00", what="support brief", there=True, url=None),
        said("release.provided", "18T09:00", what="Support  brief", there=False, url=None, why="Old"),
        said("release.provided", "18T10:00", what=" ", there=True),
    )  # fmt: skip
    (training,) = release.provided
    assert (training.what, training.by, training.url) == ("training", BO, None)
    (brief,) = release.lacking
    assert (brief.what, brief.at) == ("Support brief", at("2026-11-18T09:00"))


def test_already_shipped_holds_until_it_is_taken_back():
    shipped = said("release.shipped", "17T09:00", at="2026-11-16T10:00:00Z")
    assert folded(shipped).shipped_at == at("2026-11-16T10:00")
    assert folded(shipped, said("release.shipped", at=None)).shipped_at is None


def test_a_persons_newest_estimate_of_each_blocker_counts_beside_those_of_others():
    blocker = "change:acme/api#1"
    release = folded(
        said("blocker.estimated", "16T09:00", ANNA, blocker=blocker, until=DUE),
        said("blocker.estimated", "17T09:00", ANNA, blocker=blocker, until=MOVED),
        said("blocker.estimated", "17T10:00", BO, blocker=blocker, until=LATER),
    )
    assert [(one.by, one.until) for one in release.estimates] == [(ANNA, at(MOVED)), (BO, at(LATER))]


def test_what_nobody_said_is_no_decision():
    assert fold_decision(RELEASE, [said("release.planned", "18T12:00", None)]) == Folded(None)


def test_events_of_other_objects_and_unknown_kinds_count_for_nothing():
    elsewhere = said("release.targeted", on="release:checkout@9", target=DUE)
    assert fold_decision(RELEASE, [elsewhere, said("release.exploded")]) == Folded(None)


# Waivers


def test_a_soft_blocker_is_accepted_by_one_person_until_its_end():
    (accepted,) = folded(
        risk("risk.accepted", "18T12:00", ANNA, gate="review_pending", why="Small", expires_at=LATER)
    ).accepted
    assert (accepted.by, accepted.reason, accepted.expires_at, accepted.second) == (ANNA, "Small", at(LATER), None)


def test_an_expired_acceptance_is_kept_as_data():
    past = "2026-11-18T12:30:00Z"
    release = folded(
        risk("risk.accepted", "18T12:00", ANNA, gate="review_pending", expires_at=past),
        said("release.owned", "20T12:00", owner=BO),
    )
    assert release.accepted[0].expires_at == at(past)


@pytest.mark.parametrize("gate", sorted(HARD_GATES))
def test_a_hard_gate_waits_until_another_person_confirms(gate):
    proposed = risk("risk.proposed", "16T09:00", ANNA, gate=gate, why="Rollback is ready", expires_at=LATER)
    waiting = folded(proposed)
    assert (waiting.accepted, len(waiting.waiting_second)) == ((), 1)
    confirmed = folded(proposed, risk("risk.accepted", "17T09:00", BO, gate=gate))
    (accepted,) = confirmed.accepted
    assert (accepted.by, accepted.second, accepted.reason, accepted.expires_at) == (
        ANNA,
        BO,
        "Rollback is ready",
        at(LATER),
    )
    assert confirmed.waiting_second == ()


def test_the_second_person_can_not_be_the_first():
    release = folded(risk("risk.proposed", "16T09:00", ANNA), risk("risk.accepted", "17T09:00", ANNA, second=BO))
    assert (release.accepted, len(release.waiting_second)) == ((), 1)


def test_an_acceptance_of_a_hard_gate_without_a_proposal_only_proposes():
    release = folded(risk("risk.accepted", "16T09:00", ANNA, second=BO, by=CEM))
    assert (release.accepted, release.waiting_second[0].by) == ((), ANNA)


def test_a_proposal_that_ran_out_can_not_be_confirmed():
    gone = risk("risk.proposed", "16T09:00", ANNA, expires_at="2026-11-17T09:00:00Z")
    release = folded(gone, risk("risk.accepted", "18T12:00", BO, expires_at=LATER))
    assert (release.accepted, [one.by for one in release.waiting_second]) == ((), [BO])


def test_a_confirmation_of_the_same_instant_comes_after_the_proposal():
    release = folded(risk("risk.proposed", "16T09:00", ANNA), risk("risk.accepted", "16T09:00", BO))
    assert [(one.by, one.second) for one in release.accepted] == [(ANNA, BO)]


def test_the_first_of_two_proposals_waits():
    release = folded(risk("risk.proposed", "16T09:00", ANNA, why="a"), risk("risk.proposed", "17T09:00", BO, why="b"))
    assert [(one.by, one.reason) for one in release.waiting_second] == [(ANNA, "a")]


def test_whoever_proposed_may_propose_with_another_end():
    release = folded(
        risk("risk.proposed", "16T09:00", ANNA, expires_at=DUE),
        risk("risk.proposed", "17T09:00", ANNA, expires_at=LATER),
    )
    assert [one.expires_at for one in release.waiting_second] == [at(LATER)]


def test_accepting_does_not_confirm_a_deferral():
    release = folded(
        risk("risk.proposed", "16T09:00", ANNA, to="release:checkout@2.5"), risk("risk.accepted", "17T09:00", BO)
    )
    assert (release.accepted, release.deferred, len(release.waiting_second)) == ((), (), 2)


def test_a_confirmed_deferral_names_where_it_went():
    later = "release:checkout@2.5"
    release = folded(risk("risk.proposed", "16T09:00", ANNA, to=later), risk("risk.deferred", "17T09:00", BO, to=later))
    assert [(one.deferred_to, one.second) for one in release.deferred] == [(later, BO)]
    assert (release.accepted, release.waiting_second) == ((), ())


def test_accepting_again_replaces_what_was_accepted_before():
    release = folded(
        risk("risk.accepted", "16T09:00", ANNA, gate="review_pending", expires_at=DUE),
        risk("risk.accepted", "17T09:00", BO, gate="review_pending", expires_at=LATER),
    )
    assert [(one.by, one.expires_at) for one in release.accepted] == [(BO, at(LATER))]


def test_a_withdrawn_risk_blocks_again_and_others_do_not():
    release = folded(
        risk("risk.accepted", "16T09:00", ANNA, gate="review_pending"),
        risk("risk.accepted", "16T09:00", ANNA, "change:acme/api#7", gate="review_pending"),
        risk("risk.proposed", "16T10:00", ANNA),
        risk("risk.withdrawn", "17T09:00", BO),
    )
    assert [one.blocker for one in release.accepted] == ["change:acme/api#7"]
    assert release.waiting_second == ()


# Freezes, trains and outside waits


def frozen(time="18T12:00", actor=ANNA, **more):
    data = {"services": ["api"], "begins_at": "2026-11-18T12:00:00Z", "ends_at": DUE, "reason": "Black week"} | more
    return said("freeze.declared", time, actor, on=FREEZE, **data)


def test_the_first_declaration_of_a_freeze_stands_until_it_is_lifted():
    freeze = folded(frozen("16T09:00"), frozen("17T09:00", BO, ends_at=LATER), on=FREEZE)
    assert (freeze.by, freeze.ends_at, freeze.services, freeze.reason) == (ANNA, at(DUE), ("api",), "Black week")


def test_a_lifted_freeze_can_be_declared_anew():
    lifted = said("freeze.lifted", "17T09:00", BO, on=FREEZE)
    assert folded(frozen("16T09:00"), lifted, on=FREEZE).lifted_at == at("2026-11-17T09:00")
    again = folded(frozen("16T09:00"), lifted, frozen("18T09:00", CEM, ends_at=LATER), on=FREEZE)
    assert (again.by, again.ends_at, again.lifted_at) == (CEM, at(LATER), None)


@pytest.mark.parametrize("broken", [{"ends_at": None}, {"begins_at": "now"}, {"ends_at": "2026-11-01T00:00:00Z"}])
def test_a_freeze_without_a_beginning_and_an_end_after_it_is_none(broken):
    assert folded(frozen(**broken), on=FREEZE) is None


def leaving(moment="18T12:00", /, **more):
    data = {"name": "Weekly", "product": "checkout", "weekday": 1, "time": "14:00", "zone": "Europe/Berlin",
            "every_weeks": 2, "first_on": "2026-11-24", "owner": ANNA} | more  # fmt: skip
    return said("train.set", moment, on=TRAIN, **data)


def test_the_newest_timetable_of_a_train_holds():
    train = folded(leaving("16T09:00"), leaving("17T09:00", weekday=3, first_on="2026-11-26"), on=TRAIN)
    assert (train.name, train.weekday, train.every_weeks, train.first_on) == ("Weekly", 3, 2, "2026-11-26")


def test_a_stopped_train_runs_again_once_it_is_set_again():
    stopped = said("train.ended", "17T09:00", on=TRAIN)
    assert folded(leaving("16T09:00"), stopped, on=TRAIN).ended_at == at("2026-11-17T09:00")
    assert folded(leaving("16T09:00"), stopped, leaving(), on=TRAIN).ended_at is None


@pytest.mark.parametrize(
    "broken",
    [{"weekday": 7}, {"weekday": True}, {"time": "25:00"}, {"zone": "Mars/Base"}, {"zone": "../../etc/passwd"},
     {"every_weeks": 0}, {"first_on": "soon"}, {"product": ""}],
)  # fmt: skip
def test_a_timetable_that_no_cutoff_can_be_worked_out_from_is_none(broken):
    assert folded(leaving(**broken), on=TRAIN) is None


def waits(time="18T12:00", actor=ANNA, **more):
    return said("external.declared", time, actor, on=WAIT, **({"release": RELEASE, "title": "App store"} | more))


def test_an_outside_wait_keeps_its_beginning_when_its_end_moves():
    wait = folded(waits("16T09:00"), waits("17T09:00", BO, ends_at=DUE, owner=CEM), on=WAIT)
    assert (wait.by, wait.began_at, wait.ends_at, wait.owner) == (ANNA, at("2026-11-16T09:00"), at(DUE), CEM)


def test_an_outside_wait_declared_after_its_end_begins_anew():
    closed = said("external.closed", "17T09:00", on=WAIT)
    assert folded(waits("16T09:00"), closed, on=WAIT).closed_at == at("2026-11-17T09:00")
    again = folded(waits("16T09:00"), closed, waits("18T09:00", BO), on=WAIT)
    assert (again.by, again.began_at, again.closed_at) == (BO, at("2026-11-18T09:00"), None)


def test_a_wait_for_nothing_of_no_release_is_none():
    assert folded(waits(title=None), on=WAIT) is None


# Any order, any data

KINDS = {
    RELEASE: ("release.planned", "release.targeted", "release.owned", "release.delegated", "release.scope_frozen",
              "release.scope_unfrozen", "release.ended", "release.shipped", "risk.proposed", "risk.accepted",
              "risk.deferred", "risk.withdrawn", "blocker.estimated", "release.boarded"),
    FREEZE: ("freeze.declared", "freeze.lifted"),
    TRAIN: ("train.set", "train.ended"),
    WAIT: ("external.declared", "external.closed"),
}  # fmt: skip
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.lists(st.text(max_size=3), max_size=2)
)
VALUES = {
    "blocker": st.sampled_from(["ticket:acme/api#55", "change:acme/api#7"]), "kind": st.sampled_from(["freeze", "external"]),
    "to": st.sampled_from([None, "release:checkout@2.5"]), "expires_at": st.sampled_from([None, DUE, "2026-11-17T00:00:00Z"]),
    "target": st.sampled_from([None, DUE, MOVED]), "until": st.sampled_from([DUE, MOVED]), "owner": st.sampled_from([ANNA, BO]),
    "as": st.sampled_from(["cancelled", "superseded"]), "begins_at": st.just("2026-11-18T12:00:00Z"), "ends_at": st.sampled_from([DUE, LATER]),
    "weekday": st.integers(0, 6), "time": st.just("14:00"), "zone": st.just("UTC"), "every_weeks": st.just(1),
    "first_on": st.just("2026-11-24"), "product": st.just("checkout"), "title": st.just("Store"), "release": st.just(RELEASE),
    "services": st.just(["api"]), "delegates": st.just([BO]), "at": st.sampled_from([None, DUE]),
    "name": st.sampled_from([None, "Winter"]), "version": st.just("2.4"), "train": st.just(TRAIN), "why": st.text(max_size=5),
}  # fmt: skip


@st.composite
def streams(draw):
    on = draw(st.sampled_from(sorted(KINDS)))
    data = st.fixed_dictionaries({}, optional={key: st.one_of(value, JUNK) for key, value in VALUES.items()})
    many = draw(
        st.lists(
            st.tuples(st.sampled_from(KINDS[on]), st.integers(0, 5), st.sampled_from([ANNA, BO, CEM]), data),
            max_size=12,
        )
    )
    events = [
        happened(on, kind, NOON + timedelta(hours=hour), f"{number}", actor=who)
        for number, (kind, hour, who, _) in enumerate(many)
    ]
    for event, (_, _, _, filled) in zip(events, many, strict=True):
        event.data.update(filled)
    return on, events


@given(streams(), st.randoms())
def test_any_order_and_any_duplicates_of_decisions_fold_the_same_and_none_breaks_the_fold(stream, chance):
    on, events = stream
    shuffled = [*events, *events[: len(events) // 2]]
    chance.shuffle(shuffled)
    assert fold_decision(on, shuffled) == fold_decision(on, events)


@given(streams())
def test_no_hard_gate_is_ever_let_through_by_fewer_than_two_people(stream):
    record = fold_decision(*stream).record
    for waived in (*getattr(record, "accepted", ()), *getattr(record, "deferred", ())):
        assert waived.kind not in HARD_GATES or waived.second not in {None, waived.by}
