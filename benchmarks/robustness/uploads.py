"""Whether files that are broken or meant to harm ever bring the pages down: thousands of them, sent as a browser does.

Real files of each kind are made, then cut, flipped, repeated, mixed, given absurd headers, names that are paths, and
packed as bombs. Each is sent to the check or to the measuring pages of a running server. Counted are answers of 500 and
above, files that were written outside the server's temporary folder, and the most memory that the server took. Run
``python -m benchmarks.robustness.uploads [--files N] [--seed N]``.
"""

import argparse
import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import numpy as np

from twitchwise.formats.video.writing import write_video
from twitchwise.simulate.film import render, varied_scene

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_S = 120.0
MEMORY_LIMIT_MIB = 4096
NAMES = (
    "x{}",
    "../../x{}",
    "..\\..\\x{}",
    "/etc/x{}",
    "C:\\x{}",
    "x\x00y{}",
    "a" * 300 + "{}",
    "CON{}",
    ".{}",
    "é𝕏\u202e{}",
    "x{}/y{}",
    "$(touch x){}",
    "<script>{}",
)
SEE_OTHER, FAULT = 303, 500
Made = tuple[str, bytes]
Files = dict[str, tuple[str, bytes, str]]


def seeds(folder: Path) -> list[Made]:
    """Return a sound file of each kind: its ending, and its bytes."""
    rng = np.random.default_rng(1)
    rows = "\n".join(f"{k / 1000:.3f},{value:.6f}" for k, value in enumerate(rng.normal(size=3000)))
    header = "x.16 1 1000 2000\nx.dat 16 1000/mV 16 0 0 0 0 EMG\n"
    film = folder / "film.mp4"
    write_video(render(varied_scene(1, n_twitches=0, duration_s=1.0, size=(96, 64))).video, film, bits_per_s=2e5)
    return [
        (".edf", edf(rng)),
        (".csv", f"time (s),EMG (mV)\n{rows}\n".encode()),
        (".hea", header.encode()),
        (".mp4", film.read_bytes()),
        (".zip", packed({"Accelerometer.csv": f"time,x,y,z\n{rows}\n".encode()})),
        (".json", json.dumps([{"timestamp": k, "x": 0.1, "y": 0.2, "z": 9.8} for k in range(300)]).encode()),
        (".mat", b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM" + rng.bytes(400)),
        (".h5", b"\x89HDF\r\n\x1a\n" + rng.bytes(800)),
        (".cwa", b"MD" + rng.bytes(2046)),
    ]


def edf(rng: np.random.Generator) -> bytes:
    """Return a small EDF file of one channel."""
    fields = ["0".ljust(8), "X X X X".ljust(80), "Startdate X X X X".ljust(80), "01.01.20", "00.00.00", "512".ljust(8)]
    fields += ["".ljust(44), "4".ljust(8), "1".ljust(8), "1".ljust(4)]
    fields += ["EMG".ljust(16), "".ljust(80), "uV".ljust(8), "-100".ljust(8), "100".ljust(8)]
    fields += ["-32768".ljust(8), "32767".ljust(8), "".ljust(80), "500".ljust(8), "".ljust(32)]
    return "".join(fields).encode() + rng.integers(-3000, 3000, 2000).astype("<i2").tobytes()


def packed(files: dict[str, bytes]) -> bytes:
    """Return files as a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def bomb(rng: np.random.Generator) -> bytes:
    """Return a zip of up to 200 kB that unpacks to hundreds of MB, or one that leads out of its folder."""
    kind = int(rng.integers(3))
    if kind == 0:
        return packed({"Accelerometer.csv": b"0,0,0,0\n" * (1 << int(rng.integers(20, 26)))})
    if kind == 1:
        return packed({f"../../out{rng.integers(99)}.csv": b"time,x\n0,1\n", "/tmp/out.csv": b"1"})  # noqa: S108
    inner = packed({"a.csv": b"\0" * (1 << 24)})
    return packed({f"{k}.zip": inner for k in range(40)})


def harmed(rng: np.random.Generator, sound: list[Made]) -> Made:
    """Return one of the files, spoiled in some way."""
    ending, content = sound[int(rng.integers(len(sound)))]
    ways: list[Callable[[], bytes]] = [
        lambda: content[: int(rng.integers(len(content) + 1))],
        lambda: flipped(rng, content),
        lambda: content + rng.bytes(int(rng.integers(5000))),
        lambda: rng.bytes(int(rng.integers(1, 3000))),
        lambda: content[: len(content) // 2] + sound[int(rng.integers(len(sound)))][1],
        lambda: digits_changed(rng, content),
        lambda: b"",
    ]
    if rng.uniform() < 0.03:
        return ".zip", bomb(rng)
    if rng.uniform() < 0.1:
        ending = sound[int(rng.integers(len(sound)))][0]
    return ending, ways[int(rng.integers(len(ways)))]()


def flipped(rng: np.random.Generator, content: bytes) -> bytes:
    """Return content with some bytes changed, most of them near its beginning, where headers stand."""
    changed = bytearray(content)
    for _ in range(int(rng.integers(1, 30))):
        reach = len(changed) if rng.uniform() < 0.3 else min(len(changed), 600)
        changed[int(rng.integers(reach))] = int(rng.integers(256))
    return bytes(changed)


def digits_changed(rng: np.random.Generator, content: bytes) -> bytes:
    """Return content in which numbers of the header are absurd."""
    head = bytearray(content[:600])
    for place, value in enumerate(head):
        if 48 <= value <= 57 and rng.uniform() < 0.2:
            head[place] = int(rng.choice(list(b"9-0.eE")))
    return bytes(head) + content[600:]


class Running:
    """A server in a process of its own, with a temporary folder that is watched."""

    def __init__(self, home: Path) -> None:
        self.temporary = home / "temporary"
        self.temporary.mkdir()
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        place = {"TMPDIR": str(self.temporary), "HOME": str(home), "XDG_DATA_HOME": str(home / "data")}
        command = [sys.executable, "-m", "twitchwise", "serve", "--port", str(self.port), "--no-browser"]
        self.said = (home / "said").open("wb")
        self.process = subprocess.Popen(  # noqa: S603
            command, stdout=subprocess.DEVNULL, stderr=self.said, env={**os.environ, **place}, cwd=home
        )
        until_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < until_s:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/").close()
            except urllib.error.URLError:
                time.sleep(0.05)
            else:
                return
        raise SystemExit("the server did not answer")

    @property
    def most_memory_mib(self) -> float:
        """The most memory that the server took so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024

    def stop(self) -> None:
        """Stop it."""
        self.process.terminate()
        self.process.wait()
        self.said.close()


def sent(client: httpx.Client, rng: np.random.Generator, made: Made) -> str:
    """Send a file to one of the two pages that take one; return the page and the status."""
    ending, content = made
    name = NAMES[int(rng.integers(len(NAMES)))].replace("{}", ending)
    files = {"files": (name, content, "application/octet-stream")}
    return checked(client, files) if rng.uniform() < 0.5 else looked_through(client, files)


def looked_through(client: httpx.Client, files: Files) -> str:
    """Send a file to the measuring pages, ask them for what a browser asks, and erase it."""
    answer = client.post("/measure", files=files)
    where = answer.headers.get("location", "")
    if answer.status_code == SEE_OTHER:
        for place in ("", "/status", "/channels", "/traces?start_s=0&stop_s=1&pixels=20&channels=0"):
            seen = client.get(f"{where}{place}")
            if seen.status_code >= FAULT:
                return f"measure{place.split('?')[0]} {seen.status_code}"
        client.post(f"{where}/erase")
    return f"measure {answer.status_code}"


def checked(client: httpx.Client, files: Files) -> str:
    """Send a file to a check of its own, wait until it is measured, and erase the check."""
    visit = client.post("/visit").headers["location"].rsplit("/", 1)[0]
    client.post(f"{visit}/emergency", data={"signs": "none"})
    answer = client.post(f"{visit}/recording", files=files)
    if answer.status_code == SEE_OTHER:
        until_s = time.monotonic() + PATIENCE_S
        while client.get(f"{visit}/recording/status").json()["is_working"]:
            if time.monotonic() > until_s:
                return "check: no answer"
            time.sleep(0.02)
        answer = client.get(f"{visit}/recording")
    client.post(f"{visit}/erase")
    return f"check {answer.status_code}"


def tried(home: Path, n_files: int, seed: int) -> tuple[Counter[str], float, list[str], list[str]]:
    """Return the answers, the memory, the files left, and what the server said of itself."""
    rng, sound, counts = np.random.default_rng(seed), seeds(home), Counter[str]()
    before = {path for path in home.rglob("*") if path.is_file()}
    running = Running(home)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{running.port}", timeout=PATIENCE_S) as client:
            for number in range(n_files):
                made = harmed(rng, sound)
                try:
                    counts[sent(client, rng, made)] += 1
                except httpx.HTTPError as error:
                    counts[f"no answer: {type(error).__name__}"] += 1
                if number % 250 == 249:
                    print(f"{number + 1}: {dict(counts)}, {running.most_memory_mib:.0f} MiB", flush=True)
        memory_mib = running.most_memory_mib
    finally:
        running.stop()
    left = [str(path.relative_to(home)) for path in home.rglob("*") if path.is_file() and path not in before]
    said = (home / "said").read_text(encoding="utf-8", errors="replace").splitlines()
    return counts, memory_mib, sorted(set(left) - {"said"}), said


def main() -> None:
    """Print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked, _ = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        counts, memory_mib, left, said = tried(Path(folder), asked.files, asked.seed)
    faults = sum(count for what, count in counts.items() if what[-3:] >= "500" or "no answer" in what)
    print(f"answers: {dict(counts)}")
    print(f"faults (5xx or none): {faults} (target 0) {'holds' if not faults else 'MISSED'}")
    print(f"files left behind: {left[:5] or 'none'} (target none) {'holds' if not left else 'MISSED'}")
    within = memory_mib <= MEMORY_LIMIT_MIB
    print(f"most memory: {memory_mib:.0f} MiB (bound {MEMORY_LIMIT_MIB}) {'holds' if within else 'MISSED'}")
    if said:
        print("the server said:", *said[-20:], sep="\n  ")


if __name__ == "__main__":
    main()
