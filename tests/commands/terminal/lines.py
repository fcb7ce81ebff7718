"""How do tests write a file of deliveries?"""

import json
from pathlib import Path

from tests.deliveries import payload

RECEIVED = "2026-11-02T09:00:00Z"


def line(name: str, delivery_id: str, received_at: str = RECEIVED) -> bytes:
    """One made-up delivery of GitHub as a line."""
    headers = {"X-GitHub-Event": name.partition("__")[0], "X-GitHub-Delivery": delivery_id}
    told = {"source": "github", "headers": headers, "received_at": received_at, "payload": payload(f"github/{name}")}
    return json.dumps(told).encode() + b"\n"


def write(path: Path, *lines: bytes) -> Path:
    """Write lines into a file; gives the file."""
    path.write_bytes(b"".join(lines))
    return path
