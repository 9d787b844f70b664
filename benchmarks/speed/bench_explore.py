"""How long a change on the explore page takes over HTTP: alone, and with two people who turn sliders at once.

A real server is asked for traces on this machine; every request turns a dial to a value that was not asked for before,
so that nothing of the change is kept. The first request of each cause, which works out what is kept, is told apart.
Times are of the wall, because that is what a person waits; the processor time of a change, with that of asking, says
what it would be on a machine that does nothing else. Run ``python -m benchmarks.speed.bench_explore``.
"""

import http.client
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from benchmarks.speed import _clock

from twitchwise.knowledge import library
from twitchwise.web import application
from twitchwise.web.server import HOST, Server, listening_socket

PORT, TARGET_S, CHANGES = 8391, 0.1, 60
CAUSES = {
    "surroundings": ("muscle_temperature", 22.0, 38.0),
    "low_calcium": ("ionized_calcium", 0.6, 1.1),
    "hypothyroidism": ("thyroid_hormone_scale", 0.1, 0.9),
    "parkinson_disease": ("tremor_drive", 0.01, 0.2),
    "myositis": ("fiber_loss", 0.01, 0.5),
}
"""For each cause a dial and between which values, in the units of the page, it is turned."""


@contextmanager
def served() -> Iterator[None]:
    """Serve the pages until the benchmark is done."""
    with listening_socket(PORT) as listener:
        server = Server(application(library()), f"http://{HOST}:{PORT}/", open_browser=False)
        running = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        running.start()
        while not server.started:
            running.join(0.02)
        yield
        server.should_exit = True
        running.join()


def asker(cause: str, activity: str) -> Callable[[float], float]:
    """Return what asks for a value of a cause's dial and gives the seconds that the answer took."""
    dial, low, high = CAUSES[cause]
    connection = http.client.HTTPConnection(HOST, PORT)

    def ask(share: float) -> float:
        address = f"/explore/traces?cause={cause}&activity={activity}&{dial}={low + (high - low) * share:.6f}"
        return _clock.seconds(lambda: _got(connection, address))

    return ask


def _got(connection: http.client.HTTPConnection, address: str) -> None:
    connection.request("GET", address, headers={"Host": f"{HOST}:{PORT}"})
    response = connection.getresponse()
    response.read()
    if response.status != http.client.OK:
        raise RuntimeError(f"status must be 200, got {response.status} for {address}.")


def told(what: str, taken_s: list[float]) -> None:
    """Print median and 95th percentile."""
    _clock.row(f"{what}, median", statistics.median(taken_s), TARGET_S)
    _clock.row(f"{what}, 95th percentile", statistics.quantiles(taken_s, n=20)[-1], TARGET_S)


def main() -> None:
    """Print the times."""
    print(f"{_clock.machine()}\n{', '.join(_clock.installed('twitchwise', 'uvicorn', 'numpy'))}")
    with served():
        for number, cause in enumerate(CAUSES):
            activity = ("rest", "contraction")[number % 2]
            first_s = asker(cause, activity)(0.0)
            print(f"  {cause}, {activity}: the first request took {first_s:.3f} s")
            ask = asker(cause, activity)
            before_s = time.process_time()
            told(f"    alone, {CHANGES} changes", [ask((step + 1) / (CHANGES + 1)) for step in range(CHANGES)])
            _clock.row("    alone, processor time of a change", (time.process_time() - before_s) / CHANGES)
            with ThreadPoolExecutor(2) as people:
                both = [asker(cause, activity) for _ in range(2)]
                turns = people.map(_turned, both, range(2))
                told("    two at once", [taken for person in turns for taken in person])
    print(f"  JAX was {'loaded' if 'jax' in sys.modules else 'not loaded'}")


def _turned(ask: Callable[[float], float], person: int) -> list[float]:
    return [ask((step + 0.3 + 0.4 * person) / (CHANGES + 1)) for step in range(CHANGES)]


if __name__ == "__main__":
    main()
