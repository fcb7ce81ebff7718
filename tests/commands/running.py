"""How do tests run the serving process within their own?"""

import threading
import time
from contextlib import ExitStack

from commands.settings import Settings
from commands.terminal import serve
from commands.terminal.tools import Tools
from digests.directory import Nobody
from digests.speaking import Digests
from tests.builders import at, policy_of

NOW = at("2026-11-02T09:00:00Z")


class Running:
    """A process built from settings, served from a thread."""

    def __init__(self, settings: Settings, ledger, desk=None) -> None:
        self._closing = ExitStack()
        digests = Digests(desk, ledger.outbox, Nobody()) if desk else None
        self.tools = Tools(settings, lambda: NOW, policy_of, lambda: ledger, lambda: desk, lambda: digests)
        self._server = serve.build(self.tools, self._closing)
        self._listener = serve._listening("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]})

    def __enter__(self):
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self

    def __exit__(self, *_):
        self.ask_to_stop()
        self._thread.join(20)
        self._closing.close()
        self._listener.close()

    def ask_to_stop(self) -> None:
        self._server.should_exit = True
