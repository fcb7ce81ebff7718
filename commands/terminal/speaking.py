"""How does a command talk: results on standard output, all else on standard error, nothing that a terminal obeys?"""

import os
import sys
import time

from commands.terminal.mrkdwn import harmless

_PAUSE = 0.1  # seconds between two drawings of a progress line at a terminal
_LONG_PAUSE = 10.0  # and in a log


def say(text: str) -> None:
    """Print one result, made harmless."""
    sys.stdout.write(harmless(text) + "\n")


def tell(text: str) -> None:
    """Print a note or an error beside the results, made harmless."""
    sys.stderr.write(harmless(text) + "\n")


def brave() -> None:
    """Let standard output and error take any character, whatever the terminal's encoding can show."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def explained(error: Exception) -> str:
    """Log what nobody foresaw, and give the sentence that a person reads instead; call it where it was caught."""
    import structlog

    from commands import logs

    logs.configure()
    named = logs.reference()
    structlog.get_logger("lastmile").error("failed", action="terminal", reference=named, exc_info=error)
    return f"That did not work, and it is not your fault. The log line above has the reference {named}."


def hush() -> None:
    """Send what is still to be flushed nowhere: the reader of the pipe has gone, and must not be written to again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Progress:
    """One line on standard error that says how far something is: redrawn at a terminal, repeated rarely in a log."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._next = 0.0 if self._live else time.monotonic() + _LONG_PAUSE

    def show(self, text: str) -> None:
        """Draw the line if the last drawing is long enough ago."""
        moment = time.monotonic()
        if moment < self._next:
            return
        self._next = moment + (_PAUSE if self._live else _LONG_PAUSE)
        sys.stderr.write(f"\r\x1b[K{harmless(text)}" if self._live else f"{harmless(text)}\n")
        sys.stderr.flush()

    def done(self) -> None:
        """Take the line away, for what is printed next."""
        if self._live:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
