"""How soon the pages answer: the first one after the start, and questions with a hundred people at once.

Each person reads for 3 to 7 seconds before going on: a question has 15 to 40 words, of which a quick reader takes four
a second. The people are played on the same machine, so what they cost is in the times. Run
``python -m benchmarks.speed.bench_web [--users N] [--seconds N]``.
"""

import argparse
import asyncio
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing

import httpx
import numpy as np

FIRST_PAGE_S, QUESTION_S = 1.5, 0.05
READING_S = (3.0, 7.0)
PATIENCE_S = 30.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(port: int) -> tuple["subprocess.Popen[bytes]", float]:
    """Start the server; return it and the seconds to the first page."""
    begin_s = time.perf_counter()
    command = [sys.executable, "-m", "twitchwise", "serve", "--port", str(port), "--no-browser"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
    while time.perf_counter() - begin_s < PATIENCE_S:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
                answer.read()
                return server, time.perf_counter() - begin_s
        except urllib.error.URLError:
            time.sleep(0.01)
    server.kill()
    raise SystemExit("the server did not answer")


async def person(
    client: httpx.AsyncClient, seed: int, until_s: float, saved_s: list[float], shown_s: list[float]
) -> None:
    """Answer question after question until the time is over; note how long saving and the next page took."""
    chance = np.random.default_rng(seed)
    opened = await client.post("/visit")
    visit = opened.headers["location"].rsplit("/", 1)[0]
    await client.post(f"{visit}/emergency", data={"signs": "none"})
    await client.post(f"{visit}/words")
    begun = await client.post(f"{visit}/about")
    if "location" not in begun.headers:
        raise SystemExit(f"the check could not be begun: {begun.status_code}")
    page = begun.headers["location"]
    while time.perf_counter() < until_s:
        await asyncio.sleep(float(chance.uniform(*READING_S)))
        begin_s = time.perf_counter()
        answer = "spot" if "/where/" in page else "answer"
        saved = await client.post(page, data={answer: "not_assessed", "unknown": "not_assessed"})
        saved_s.append(time.perf_counter() - begin_s)
        page = saved.headers.get("location", page)
        if "/question/" not in page and "/where/" not in page:
            page = f"{visit}/question/fasciculation"
        begin_s = time.perf_counter()
        await client.get(page)
        shown_s.append(time.perf_counter() - begin_s)


async def crowd(port: int, users: int, seconds: float) -> tuple[list[float], list[float]]:
    """Return how long saving an answer and showing a page took, for each answer of a crowd."""
    saved_s: list[float] = []
    shown_s: list[float] = []
    limits = httpx.Limits(max_connections=users, max_keepalive_connections=users)
    address = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=PATIENCE_S) as client:
        until_s = time.perf_counter() + seconds
        await asyncio.gather(*(person(client, seed, until_s, saved_s, shown_s) for seed in range(users)))
    return saved_s, shown_s


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20.0)
    asked, _ = parser.parse_known_args()
    port = free_port()
    server, first_s = started(port)
    try:
        saved_s, shown_s = asyncio.run(crowd(port, asked.users, asked.seconds))
    finally:
        server.terminate()
        server.wait()
    said = {True: "holds", False: "MISSED"}
    print(f"first page after the start: {first_s:.2f} s (target {FIRST_PAGE_S} s) {said[first_s <= FIRST_PAGE_S]}")
    for what, taken_s in (("a question page", shown_s), ("an answer kept", saved_s)):
        p50, p95 = np.quantile(taken_s, [0.5, 0.95])
        print(
            f"{what}, {asked.users} people, {len(taken_s)} times: p50 {1000 * p50:.0f} ms, p95 {1000 * p95:.0f} ms "
            f"(target {1000 * QUESTION_S:.0f} ms) {said[bool(p95 <= QUESTION_S)]}"
        )


if __name__ == "__main__":
    main()
