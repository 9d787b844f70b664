"""``twitchwise simulate`` into what a phone, a watch or a camera records."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

pytest.importorskip("cv2")
pytestmark = pytest.mark.no_cover


def test_a_film_comes_with_its_truth(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "twitch.mp4"
    done = run(
        "simulate",
        "eyelid_myokymia",
        "-o",
        str(path),
        "--fps",
        "30",
        "--size",
        "128x96",
        "--duration",
        "2",
        "--shake",
        "tripod",
        "--json",
    )
    assert done.code == 0, done.err
    about = json.loads(done.out)
    assert about["region"] == "eyelid"
    assert path.is_file()
    rows = (tmp_path / "twitch_events.tsv").read_text(encoding="utf-8").splitlines()
    assert len(rows) - 1 == about["twitches"] > 0


@pytest.mark.parametrize("export", ["plain", "phyphox"])
def test_a_phone_records_a_tremor(run: Run, tmp_path: Path, export: str) -> None:
    path = tmp_path / "phone.csv"
    done = run("simulate", "essential_tremor", "-o", str(path), "--export", export, "--duration", "2")
    assert done.code == 0, done.err
    assert len(path.read_text(encoding="utf-8").splitlines()) > 190


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--device", "phone"], "output must be a file"),
        (["--device", "kettle", "-o", "a.csv"], "device must be one of"),
        (["--device", "phone", "-o", "a.mp4"], "must end as its files do"),
        (["-o", "a.mp4", "--size", "big", "--duration", "1"], "size must be"),
        (["-o", "a.mp4", "--shake", "juggled", "--duration", "1"], "shake must be"),
        (["-o", "a.csv", "--export", "smoke", "--duration", "1"], "export must be"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(run: Run, words: list[str], said: str, tmp_path: Path) -> None:
    done = run("simulate", "eyelid_myokymia", *[str(tmp_path / one) if one.startswith("a.") else one for one in words])
    assert done.code != 0
    assert not list(tmp_path.glob("a.mp4"))
    assert said in " ".join(done.err.split())
