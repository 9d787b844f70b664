"""How soon a long recording is seen in the browser and how smoothly it moves: 64 channels at 2048 Hz, 8 hours.

The file is made in a temporary folder: 7.5 GB where 20 GB are free, else a shorter one, which is said. It is opened by
its path in a real server and a headless Chromium, with the file out of the system's cache. Frames are timed while the
arrow key is held, at several widths, while the levels are made and after that.
Run ``python -m benchmarks.speed.bench_recording_view [--short]``.
"""

import os
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import numpy as np
from benchmarks.speed._clock import load, machine, row, seconds
from playwright.sync_api import Page, sync_playwright

from twitchwise.formats import read_recording
from twitchwise.knowledge import library
from twitchwise.signals.pyramid import Pyramid
from twitchwise.web import application
from twitchwise.web.server import HOST, Server, listening_socket

CHANNELS, RATE_HZ = 64, 2048
HOURS, SHORT_HOURS = 8.0, 0.5
FREE_BYTES = 20 << 30
HOUR_S = 3600
TARGET_S, FRAME_TARGET_MS = 2.0, 1000 / 60
DESK = {"width": 1280, "height": 900}
PRESSES, PRESS_MS = 60, 50

FRAMES = """async ([presses, wait, key]) => {
    const stage = document.getElementById('stage'), times = [];
    let last = null, going = true;
    const frame = (time) => {
        if (last !== null) times.push(time - last);
        last = time;
        if (going) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    for (let press = 0; press < presses; press += 1) {
        stage.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
        await new Promise((done) => setTimeout(done, wait));
    }
    going = false;
    return times;
}"""


def write_noise(path: Path, hours: float) -> None:
    """Write a plain EDF file of noise with a pulse on one channel every seven seconds, a record a second."""
    n_records = round(hours * HOUR_S)
    header = b"0".ljust(8) + b"X X X X".ljust(80) + b"Startdate X X X X".ljust(80) + b"01.01.2600.00.00"
    header += str(256 * (CHANNELS + 1)).encode().ljust(8) + b" " * 44 + str(n_records).encode().ljust(8)
    header += b"1".ljust(8) + str(CHANNELS).encode().ljust(4)
    fields = [(b"", 80), (b"uV", 8), (b"-3276.8", 8), (b"3276.7", 8), (b"-32768", 8), (b"32767", 8), (b"", 80)]
    header += b"".join(f"EMG {number}".encode().ljust(16) for number in range(1, CHANNELS + 1))
    header += b"".join(text.ljust(width) * CHANNELS for text, width in fields)
    header += str(RATE_HZ).encode().ljust(8) * CHANNELS + b" " * 32 * CHANNELS
    noise = np.random.default_rng(1).normal(0, 50, (16, CHANNELS, RATE_HZ)).astype("<i2")
    with path.open("wb") as file:
        file.write(header)
        for record in range(n_records):
            second = noise[record % len(noise)].copy()
            if record % 7 == 3:
                second[record % CHANNELS, 1000:1020] += 3000
            file.write(second.tobytes())
        file.flush()
        os.fsync(file.fileno())


def out_of_cache(path: Path) -> None:
    """Ask the system to forget what it holds of a file."""
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def measure_levels(path: Path) -> None:
    """Print how long it takes to open, to glimpse, to make the levels, and to ask them."""
    out_of_cache(path)
    recording = []
    row("open the file", seconds(lambda: recording.append(read_recording(path))))
    every, length_s = list(range(CHANNELS)), recording[0].duration_s
    with tempfile.TemporaryDirectory() as folder:
        pyramid = Pyramid(recording[0], Path(folder))
        row("coarse picture of all, 1024 pixels", seconds(lambda: pyramid.view(every, 0.0, length_s, 1024)))
        row("make all levels", seconds(pyramid.build))
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
        print(f"  {'levels on disk':62s}{size / 1e6:9.0f} MB, {size / path.stat().st_size:.1%} of the file")
        for span_s in (length_s, 3600.0, 300.0, 60.0, 5.0, 0.1):
            took_s = seconds(partial(pyramid.view, every, 0.0, span_s, 512))
            row(f"a tile of 512 pixels over {span_s:g} s", took_s)


@contextmanager
def served() -> Iterator[str]:
    """Serve the pages, and give their address."""
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    with listening_socket(port) as listener:
        address = f"http://{HOST}:{port}/"
        server = Server(application(library()), address, open_browser=False)
        running = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        running.start()
        while not server.started:
            time.sleep(0.02)
        yield address
        server.should_exit = True
        running.join()


def measure_pages(page: Page, address: str, path: Path) -> None:
    """Print times to the first and to the exact picture, and frame times while the recording moves."""
    page.goto(f"{address}measure")
    page.locator("#path").fill(str(path))
    out_of_cache(path)
    start = time.perf_counter()
    page.get_by_role("button", name="Open the recording").click()
    page.wait_for_selector("#stage[data-picture]", timeout=120_000)
    row("from the click to the first picture", time.perf_counter() - start, TARGET_S)
    page.locator("#stage").focus()
    frames(page, "the levels are made, all of it, closer twice", "++")
    page.keyboard.press("Home")
    page.wait_for_selector("#stage[data-picture=exact]", timeout=600_000)
    row("from the click to the exact picture of all", time.perf_counter() - start)
    page.locator("#stage").focus()
    frames(page, "it is measured, closer twice", "++")
    page.locator("#stop button").click()
    page.wait_for_selector("#stage[data-picture]")
    page.wait_for_selector("#stop[hidden]", state="attached", timeout=120_000)
    page.locator("#stage").focus()
    for keys in ("+", "+++++", "++++", "++++"):
        frames(page, "the levels are there", keys)


def frames(page: Page, when: str, keys: str) -> None:
    """Print frame times while the arrow key is held."""
    for key in keys:
        page.keyboard.press(key)
        time.sleep(0.1)
    time.sleep(1.0)
    times = np.array(page.evaluate(FRAMES, [PRESSES, PRESS_MS, "ArrowRight"]))
    late = float(np.mean(times > 1.5 * FRAME_TARGET_MS))
    shown = page.locator("#where").inner_text().partition(".  ")[0][:60]
    print(
        f"  {when}: median {np.median(times):.1f} ms a frame, 95% within {np.quantile(times, 0.95):.1f} ms, "
        f"longest {times.max():.0f} ms, late {late:.1%} of {times.size} (at {shown}), load {load()}",
        flush=True,
    )


def main() -> None:
    """Make the file, then measure."""
    print(machine(), flush=True)
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder:
        enough = shutil.disk_usage(folder).free >= FREE_BYTES and "--short" not in sys.argv
        hours = HOURS if enough else SHORT_HOURS
        path = Path(folder) / "night.edf"
        write_noise(path, hours)
        print(
            f"{hours:g} h x {CHANNELS} channels at {RATE_HZ} Hz: {path.stat().st_size / 1e9:.1f} GB of EDF", flush=True
        )
        measure_levels(path)
        if found is None:
            print("  no Chromium on the path: the pages were not measured")
            return
        with served() as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
            measure_pages(browser.new_page(viewport=DESK), address, path)  # type: ignore[arg-type]
            browser.close()


if __name__ == "__main__":
    main()
