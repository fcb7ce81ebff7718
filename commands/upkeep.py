"""What does a running process do by itself, and when?

Schedulers in memory: each replica has its own, and every job may run in several at once. Those of one scheduler wait
for each other where it has one thread; what must not wait for them has a scheduler of its own.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

Told = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Job:
    """Something done again and again, first ``after`` the start; ``work`` is given what says that it should stop."""

    name: str
    every: timedelta
    after: timedelta
    work: Callable[[threading.Event], object]


class Upkeep:
    """Runs jobs, ``threads`` at a time; one that fails is logged and tried again at its next time.

    A job that is still under way at its next time runs on; that time passes.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        now: Callable[[], datetime],
        told: Told = lambda _job, _outcome: None,
        threads: int = 1,
    ) -> None:
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler
        from apscheduler.triggers.interval import IntervalTrigger

        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # it warns of each time that passes
        self._told = told
        self._stopping = threading.Event()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(threads)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for job in jobs:
            first = now() + job.after
            trigger = IntervalTrigger(seconds=int(job.every.total_seconds()), start_date=first, timezone=UTC)
            self._scheduler.add_job(self._run, trigger, [job], id=job.name, next_run_time=first)

    def start(self) -> "Upkeep":
        """Begin; gives the upkeep back."""
        self._scheduler.start()
        return self

    def times(self) -> Mapping[str, datetime]:
        """When each job runs next."""
        return {job.id: job.next_run_time for job in self._scheduler.get_jobs()}

    def stop(self) -> None:
        """Ask the job under way to stop at its next pause, and wait for that."""
        self._stopping.set()
        self._scheduler.shutdown(wait=True)

    def _run(self, job: Job) -> None:
        import structlog

        from commands.logs import reference

        if self._stopping.is_set():
            return
        try:
            job.work(self._stopping)
            self._told(job.name, "done")
        except Exception:  # noqa: BLE001  the one way in of a job
            structlog.get_logger().exception("upkeep failed", action=job.name, reference=reference())
            self._told(job.name, "failed")
