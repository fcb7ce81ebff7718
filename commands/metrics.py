"""What may a monitoring system know of a running process: how much, how fast, how fresh; never who or what?

Labels are routes, sources and status codes only. Importing this module imports prometheus_client.
"""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from storage.facts import Freshness
    from storage.outbox import OutboxFigures

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Meters:
    """Everything that is counted, in a registry of its own; ``outbox`` says what is owed to Slack."""

    def __init__(
        self,
        freshness: Callable[[], "Freshness"],
        now: Callable[[], datetime],
        outbox: "Callable[[], OutboxFigures] | None" = None,
    ) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "lastmile_http_requests", "Requests by route and status", ["route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "lastmile_http_seconds", "Time to answer by route", ["route"], buckets=SECONDS, registry=self.registry
        )
        self.deliveries = Counter(
            "lastmile_deliveries", "Deliveries by source and status", ["source", "status"], registry=self.registry
        )
        self.waiting = Gauge("lastmile_deliveries_waiting", "Deliveries waiting to be durable", registry=self.registry)
        self.upkeep = Counter(
            "lastmile_upkeep_runs", "Upkeep by job and outcome", ["job", "outcome"], registry=self.registry
        )
        self.posts = Counter(
            "lastmile_posts", "Tries to post to Slack by what came of them", ["outcome"], registry=self.registry
        )
        self.rules = Counter(
            "lastmile_rules", "What rules made of events elsewhere, by act, and refusals", ["outcome"],
            registry=self.registry,
        )  # fmt: skip
        ProcessCollector(registry=self.registry)
        self.registry.register(_Ages(freshness, now))
        if outbox:
            self.registry.register(_Owed(outbox, now))

    def delivered(self, source: str, status: int) -> None:
        """Count one answer to a webhook."""
        self.deliveries.labels(source, str(status)).inc()

    def posted(self, outcome: str) -> None:
        """Count what came of a try to post."""
        self.posts.labels(outcome).inc()

    def serve(self, host: str, port: int) -> tuple[int, Callable[[], None]]:
        """Answer scrapes on a port of its own; gives the port and how to stop. Raises OSError where it is taken."""
        server, thread = start_http_server(port, host, self.registry)

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join(5)

        return server.server_port, stop


class _Ages(Collector):
    """How old the newest event of each source is, worked out when asked; and whether the database answered."""

    def __init__(self, freshness: Callable[[], "Freshness"], now: Callable[[], datetime]) -> None:
        self._freshness = freshness
        self._now = now

    def collect(self) -> Iterable[Metric]:
        ages = GaugeMetricFamily("lastmile_newest_event_age_seconds", "Age of the newest event", labels=["source"])
        try:
            newest = self._freshness().newest_event
        except Exception:  # noqa: BLE001  the one way in of a scrape: its other figures are wanted most just then
            yield GaugeMetricFamily("lastmile_database_up", "Whether the database answers", 0)
            return
        for source, at in newest.items():
            ages.add_metric([source], max(0.0, (self._now() - at).total_seconds()))
        yield GaugeMetricFamily("lastmile_database_up", "Whether the database answers", 1)
        yield ages

    def describe(self) -> Iterable[Metric]:
        return ()  # so that registering asks nothing of the database


class _Owed(Collector):
    """How many messages are owed to Slack, and how long the oldest that is due waits, worked out when asked."""

    def __init__(self, outbox: "Callable[[], OutboxFigures]", now: Callable[[], datetime]) -> None:
        self._outbox = outbox
        self._now = now

    def collect(self) -> Iterable[Metric]:
        try:
            figures = self._outbox()
        except Exception:  # noqa: BLE001  as for the ages, which say that the database is away
            return
        owed = figures.posts.get("owed", 0) + figures.posts.get("sending", 0)
        age = max(0.0, (self._now() - figures.oldest).total_seconds()) if figures.oldest else 0.0
        yield GaugeMetricFamily("lastmile_posts_owed", "Messages owed to Slack and not posted yet", owed)
        yield GaugeMetricFamily("lastmile_posts_oldest_owed_seconds", "For how long the oldest due one waits", age)

    def describe(self) -> Iterable[Metric]:
        return ()


class Counting:
    """ASGI middleware that counts and times every request under the route it matched."""

    def __init__(self, app: "ASGIApp", meters: Meters) -> None:
        self._app = app
        self._meters = meters

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass the request on and note how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def noting(message: "Message") -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", "none")  # never the path itself: anybody may send any
            self._meters.requests.labels(route, str(status)).inc()
            self._meters.seconds.labels(route).observe(time.perf_counter() - began)
