"""How many signed deliveries a second does a server take? The sender, a process of its own.

``python -m bench.client PORT FILE CONNECTIONS`` posts every line of FILE (event, id, body as a JSON list, signed here
before the clock starts) over so many kept connections and prints seconds and the number that was accepted.
"""

import asyncio
import hashlib
import hmac
import json
import sys
from pathlib import Path
from time import perf_counter

SECRET = "made-up webhook secret"  # noqa: S105  nobody's


def request_of(event: str, id_: str, body: bytes) -> bytes:
    """One delivery as bytes on the wire, as GitHub signs and names it."""
    proof = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    head = [
        "POST /webhooks/github HTTP/1.1", "Host: 127.0.0.1", "User-Agent: GitHub-Hookshot/1", "Accept: */*",
        "Content-Type: application/json", f"X-GitHub-Event: {event}", f"X-GitHub-Delivery: {id_}",
        f"X-Hub-Signature-256: sha256={proof}", f"Content-Length: {len(body)}", "", "",
    ]  # fmt: skip
    return "\r\n".join(head).encode() + body


async def sent(port: int, requests: list[bytes], connections: int) -> int:
    """Post everything, each connection the next when its last was answered; how many were accepted."""
    left = iter(requests)

    async def one() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        accepted = 0
        for request in left:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.partition(b":")[2]))
            accepted += head.startswith(b"HTTP/1.1 200")
        writer.close()
        return accepted

    return sum(await asyncio.gather(*(one() for _ in range(connections))))


def main() -> None:
    """Read, sign, send, and say how it went."""
    port, path, connections = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    requests = [request_of(event, id_, body.encode()) for event, id_, body in map(json.loads, path.open())]
    began = perf_counter()
    accepted = asyncio.run(sent(port, requests, connections))
    print(json.dumps([perf_counter() - began, accepted]))


if __name__ == "__main__":
    main()
