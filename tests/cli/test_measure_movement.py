"""Movement from the command line: a phone, a film, a folder with both, and what goes on into a check."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from twitchwise.formats.video.writing import write_video
from twitchwise.simulate.film import Bulge, Camera, FilmScene, SkinLook, render
from twitchwise.simulate.film.bulges import twitch_curve

Run = Callable[..., Any]
RATE_HZ, DURATION_S, SHAKE_HZ = 100.0, 32.0, 5.2


def phone(file: Path, size_mps2: float = 1.0) -> Path:
    """Write what a phone on a hand records that shakes, gravity in, times in nanoseconds, without names."""
    times_s = np.arange(round(RATE_HZ * DURATION_S)) / RATE_HZ
    generator = np.random.default_rng(3)
    shake = size_mps2 * np.sin(2 * np.pi * SHAKE_HZ * times_s)
    rows = np.stack([0.8 * shake, 0.5 * shake, 9.81 + 0.2 * shake], axis=1) + generator.normal(
        0, 0.02, (times_s.size, 3)
    )
    lines = (f"{round(1e9 * (100 + t))},{x:.6f},{y:.6f},{z:.6f},3" for t, (x, y, z) in zip(times_s, rows, strict=True))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def film(file: Path, *, rate: int = 60, seconds: float = 4.0) -> Path:
    """Write a film of a texture that swings by a pixel at 6 Hz."""
    generator = np.random.default_rng(5)
    coarse = generator.normal(128, 45, (34, 44))
    texture = np.kron(coarse, np.ones((8, 8)))
    y, x = np.mgrid[0:240, 0:320]
    with av.open(str(file), "w") as out:
        stream = out.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        stream.options = {"crf": "18"}
        for number in range(round(rate * seconds)):
            shift = 1.0 + np.sin(2 * np.pi * 6 * number / rate)
            left = np.floor(x + shift).astype(int)
            part = shift - np.floor(shift)
            picture = (1 - part) * texture[y, left] + part * texture[y, left + 1]
            frame = av.VideoFrame.from_ndarray(np.clip(picture, 0, 255).astype(np.uint8), format="gray")
            for packet in stream.encode(frame.reformat(format="yuv420p")):
                out.mux(packet)
        for packet in stream.encode():
            out.mux(packet)
    return file


def by_id(text: str) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in json.loads(text)["measurements"]}


def test_a_shaking_hand_is_measured_with_its_task_and_side(run: Run, tmp_path: Path) -> None:
    done = run("measure", phone(tmp_path / "hand.csv"), "--task", "rest", "--side", "left", "--json")
    assert done.code == 0
    found = by_id(done.out)
    assert found["tremor_frequency"]["value"] == pytest.approx(SHAKE_HZ, abs=0.05)
    assert found["rest_tremor_probability"]["low"] > 0.95
    assert any("includes gravity" in note for note in json.loads(done.out)["recording"]["notes"])


def test_a_still_hand_is_answered_with_not_enough_and_without_a_frequency(run: Run, tmp_path: Path) -> None:
    done = run("measure", phone(tmp_path / "hand.csv", 0.0), "--task", "rest", "--json")
    assert done.code == 0
    assert "tremor_frequency" not in by_id(done.out)
    assert "ot enough tremor to answer" in json.loads(done.out)["summary"]


def test_a_film_is_measured_at_the_rate_that_is_given(run: Run, tmp_path: Path) -> None:
    file = film(tmp_path / "swing.mp4")
    found = by_id(run("measure", file, "--view", "object", "--json").out)
    assert found["movement_frequency"]["value"] == pytest.approx(6.0, abs=0.1)
    slow = by_id(run("measure", file, "--view", "object", "--fps", "240", "--json").out)
    assert slow["movement_frequency"]["value"] == pytest.approx(24.0, abs=0.4)


def test_a_folder_may_hold_phones_and_films(run: Run, tmp_path: Path) -> None:
    phone(tmp_path / "set" / "hand.csv")
    film(tmp_path / "set" / "swing.mp4")
    done = run("measure", tmp_path / "set", "--json")
    assert done.code == 0
    assert [one["name"] for one in json.loads(done.out)["recordings"]] == ["hand.csv", "swing.mp4"]
    assert "Tremor of 5.2 Hz" in json.loads(done.out)["recordings"][0]["summary"]
    said = " ".join(run("measure", tmp_path / "set").out.split())
    assert "hand.csv: Tremor of 5.2 Hz" in said


def test_what_a_recording_shows_is_weighed_in_the_case_that_names_it(run: Run, tmp_path: Path) -> None:
    phone(tmp_path / "hand.csv")
    case = tmp_path / "case.yaml"
    case.write_text(
        "findings: {rest_tremor: absent}\nrecordings:\n  - {file: hand.csv, task: rest, side: right}\n",
        encoding="utf-8",
    )
    done = run("check", case, "--json")
    assert done.code == 0
    told = json.loads(done.out)
    assert told["case"]["findings"]["rest_tremor"] == "present"
    assert told["case"]["findings"]["tremor_frequency"] == pytest.approx(SHAKE_HZ, abs=0.05)
    assert any("answered with no" in warning for warning in told["warnings"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--fps", "0"), "fps must be a finite number above 0"),
        (("--clips", "clips"), "clips must be of a video"),
        (("--task", "dance"), "'dance'"),
    ],
)
def test_options_that_cannot_be_are_one_sentence_and_exit_code_2(
    run: Run, tmp_path: Path, options: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("measure", phone(tmp_path / "hand.csv"), *options)
    assert done.code == 2
    assert said in done.err


def test_clips_of_each_twitch_go_to_a_folder_that_is_made(run: Run, tmp_path: Path) -> None:
    twitches = tuple(
        Bulge(start_s=start_s, curve=twitch_curve(0.06, 0.08), place_px=(160.0, 120.0), width_px=15.0, size_px=2.0)
        for start_s in (2.0, 4.0)
    )
    still = Camera(width=320, height=240, shake_scale=0.2, noise=0.004)
    scene = FilmScene(duration_s=6.0, bulges=twitches, skin=SkinLook(contrast=2.0, grain_px=3.0), camera=still)
    write_video(render(scene).video, tmp_path / "calf.mp4")
    done = run("measure", tmp_path / "calf.mp4", "--view", "skin", "--clips", tmp_path / "new" / "clips")
    assert done.code == 0
    assert len(list((tmp_path / "new" / "clips").glob("twitch_*_ms.mp4"))) == 2
    (tmp_path / "file").touch()
    refused = run("measure", tmp_path / "calf.mp4", "--view", "skin", "--clips", tmp_path / "file" / "clips")
    assert refused.code == 2
    assert "the folder cannot be made there" in refused.err


def test_a_hand_that_trembles_is_filmed_and_told_with_its_tremor_and_without_a_twitch(run: Run, tmp_path: Path) -> None:
    film_file = tmp_path / "hand.mp4"
    done = run("simulate", "parkinson_disease", "--duration", "8", "--size", "640x360", "-o", film_file)
    assert done.code == 0
    measured = run("measure", film_file, "--json")
    assert measured.code == 0
    result = json.loads(measured.out)
    told = {one["id"]: one["value"] for one in result["measurements"]}
    assert told["tremor_frequency"] == pytest.approx(5, abs=0.1)
    assert told["visible_twitch_count"] == 0
    assert "Warning" not in measured.err
