"""Does upkeep happen when it should, and survive what fails?"""

import threading
from datetime import UTC, datetime, timedelta

from commands.upkeep import Job, Upkeep


def now() -> datetime:
    return datetime.now(UTC)


def every(hours: int, work, after: float = 0.0, name: str = "reconcile") -> Job:
    return Job(name, timedelta(hours=hours), timedelta(seconds=after), work)


def test_a_job_runs_first_soon_after_the_start_and_then_at_its_distance():
    done = threading.Event()
    upkeep = Upkeep([every(6, lambda _stopping: done.set(), after=0.05)], now).start()
    try:
        assert done.wait(5)
        assert timedelta(hours=5, minutes=59) < upkeep.times()["reconcile"] - now() < timedelta(hours=6, minutes=1)
    finally:
        upkeep.stop()


def test_nothing_runs_before_its_time():
    ran = threading.Event()
    upkeep = Upkeep([every(24, lambda _stopping: ran.set(), after=60, name="prune")], now).start()
    upkeep.stop()
    assert not ran.is_set()


def test_a_job_that_fails_is_told_and_planned_again():
    told: list[tuple[str, str]] = []
    heard = threading.Event()

    def fails(_stopping):
        raise OSError("no network")

    def tell(job, outcome):
        told.append((job, outcome))
        heard.set()

    upkeep = Upkeep([every(6, fails)], now, tell).start()
    try:
        assert heard.wait(5)
        assert told == [("reconcile", "failed")]
        assert "reconcile" in upkeep.times()
    finally:
        upkeep.stop()


def test_stopping_asks_the_job_under_way_to_stop_and_waits_for_it():
    began, ended = threading.Event(), threading.Event()

    def long(stopping):
        began.set()
        assert stopping.wait(10)
        ended.set()

    upkeep = Upkeep([every(6, long)], now).start()
    assert began.wait(5)
    upkeep.stop()
    assert ended.is_set()


def test_of_two_jobs_with_two_threads_none_waits_for_the_other():
    began, other = threading.Event(), threading.Event()

    def long(stopping):
        began.set()
        assert stopping.wait(10)

    def quick(_stopping):
        assert began.wait(5)
        other.set()

    upkeep = Upkeep([every(6, long), every(6, quick, name="quick")], now, threads=2).start()
    try:
        assert other.wait(5)
    finally:
        upkeep.stop()


def test_a_job_that_is_still_under_way_is_not_begun_again_and_nobody_is_warned(caplog):
    began = []

    def long(stopping):
        began.append(now())
        assert stopping.wait(10)

    upkeep = Upkeep([Job("long", timedelta(seconds=1), timedelta(0), long)], now, threads=2).start()
    try:
        threading.Event().wait(2.5)
    finally:
        upkeep.stop()
    assert len(began) == 1
    assert caplog.text == ""
