"""``twitchwise simulate``: what it prints and writes, and what it refuses in one sentence with exit code 2."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from twitchwise.formats import read_recording
from twitchwise.knowledge import library
from twitchwise.simulate import known_conditions
from twitchwise.vocabulary import Electrode

Run = Callable[..., Any]
SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "reference"
SHORT = ("--duration", "1", "--units", "8")


def _fields(schema: str, name: str) -> set[str]:
    definitions = json.loads((SCHEMAS / f"{schema}.schema.json").read_text(encoding="utf-8"))["$defs"]
    return set(definitions[name]["properties"])


def test_list_names_every_condition_scene_and_muscle(run: Run) -> None:
    done = run("simulate", "--list")
    assert done.code == 0
    named = [line.split()[0] for line in done.out.splitlines() if line and not line.startswith(("scenes:", "muscles:"))]
    assert named == list(known_conditions())
    for name in (*library().scenes, *library().muscles):
        assert name in done.out


def test_json_holds_the_fields_of_the_schema_with_files_units_discharges_and_seconds(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.edf"
    done = run("simulate", "healthy_contraction", *SHORT, "--seed", "3", "-o", file, "--json")
    assert done.code == 0
    result = json.loads(done.out)
    assert set(result) == _fields("simulate", "SimulateOut")
    assert set(result["units"][0]) == _fields("simulate", "MotorUnitOut")
    assert set(result["discharges"][0]) == _fields("simulate", "DischargeOut")
    assert result["files"] == [str(file)]
    assert (result["seed"], len(result["units"]), result["duration_s"]) == (3, 8, 1.0)
    stages = {"units_and_axon", "discharges", "templates", "truth", "emg", "force_and_motion", "files"}
    assert set(result["seconds"]) == stages
    assert all(times == sorted(times) for times in (one["times_s"] for one in result["discharges"]))
    assert read_recording(file).duration_s == pytest.approx(1.0)


def test_text_is_for_people(run: Run) -> None:
    done = run("simulate", "hypothyroidism", *SHORT)
    assert done.code == 0
    for heading in ("One twitch", "True events", "What the condition changes"):
        assert heading in done.out


def test_several_people_go_into_a_folder(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    done = run("simulate", "healthy", *SHORT, "--subjects", "3", "--seed", "7", "-o", folder, "--json")
    assert done.code == 0
    result = json.loads(done.out)
    assert set(result) == _fields("simulate_set", "SimulateSetOut")
    assert [(one["label"], one["seed"]) for one in result["subjects"]] == [("001", 7), ("002", 8), ("003", 9)]
    assert all(Path(file).is_file() for file in result["files"])
    assert len(list(folder.glob("sub-*"))) == 3


def test_one_person_goes_into_a_folder_where_no_edf_file_is_named(run: Run, tmp_path: Path) -> None:
    done = run("simulate", "healthy", *SHORT, "-o", tmp_path / "set")
    assert done.code == 0
    assert "1 recording and its truth are" in done.out
    assert (tmp_path / "set/sub-001").is_dir()


def _participants(folder: Path) -> list[dict[str, str]]:
    with (folder / "participants.tsv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t"))


def test_people_are_of_the_ages_sex_and_severities_that_are_asked_for(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    asked = ("--age", "40-75", "--sex", "female", "--severity", "mild-severe")
    done = run("simulate", "essential_tremor", *SHORT, "--subjects", "3", *asked, "-o", folder)
    assert done.code == 0, done.err
    rows = _participants(folder)
    assert [row["sex"] for row in rows] == ["female"] * 3
    assert all(40 <= int(row["age"]) <= 75 and 0.5 <= float(row["severity"]) <= 1.5 for row in rows)
    assert len({row["severity"] for row in rows}) > 1


def test_what_is_asked_for_again_is_completed_and_not_added_to_unless_that_is_said(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    said = []
    for more in (("--subjects", "2"), ("--subjects", "2"), ("--subjects", "3"), ("--subjects", "2", "--add")):
        done = run("simulate", "healthy", *SHORT, *more, "-o", folder)
        assert done.code == 0, done.err
        said.append(done.out)
    assert "2 recordings and their truth are" in said[0]
    assert "All 2 people were" in said[1]
    assert "2 were there before" in said[2]
    assert len(_participants(folder)) == 5
    assert len(list(folder.glob("sub-*"))) == 5


def test_people_who_are_alike_have_one_body(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    assert run("simulate", "essential_tremor", *SHORT, "--subjects", "2", "--alike", "-o", folder).code == 0
    one, other = _participants(folder)
    ours = ("participant_id", "seed")
    assert {name: one[name] for name in one if name not in ours} == {
        name: other[name] for name in other if name not in ours
    }
    assert (one["age"], one["sex"], one["severity"]) == ("n/a", "n/a", "1.0")


def test_age_and_sex_change_one_person_too_and_nothing_else_does(run: Run) -> None:
    plain, old = (
        json.loads(run("simulate", "healthy_contraction", *SHORT, *more, "--json").out)
        for more in ((), ("--age", "80", "--sex", "female"))
    )
    assert old["parameters"]["pool_units"] < plain["parameters"]["pool_units"]
    assert old["twitch"]["contraction_time_s"] > plain["twitch"]["contraction_time_s"]
    assert any("a woman of 80 years" in warning for warning in old["warnings"])
    assert not any("muscle is that of" in warning for warning in plain["warnings"])


def test_options_reach_the_simulation(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.edf"
    done = run(
        "simulate",
        "low_calcium",
        *SHORT,
        *("--grid", "2x3", "--spacing-mm", "10", "--rate", "1000", "--severity", "mild"),
        *("--set", "tremor_frequency=5.5", "--set", "load_mass = 0.5", "--muscle", "thenar", "--scene", "posture"),
        *("-o", file, "--json"),
    )
    assert done.code == 0, done.err
    result = json.loads(done.out)
    assert (result["severity"], result["muscle"], result["scene"]) == (0.5, "thenar", "posture")
    assert (result["parameters"]["tremor_frequency"], result["parameters"]["load_mass"]) == (5.5, 0.5)
    names = [channel["name"] for channel in result["recording"]["channels"]]
    assert names[:6] == ["R1C1", "R1C2", "R1C3", "R2C1", "R2C2", "R2C3"]
    assert result["recording"]["channels"][0]["sampling_rate_hz"] == 1000.0


def test_a_needle_is_pushed_in_as_deep_as_it_is_told(run: Run) -> None:
    done = run("simulate", "healthy", *SHORT, "--needle-mm", "9", "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["recording"]["channels"][0]["electrode"] == Electrode.NEEDLE.value


def test_setting_a_part_of_the_environment_changes_what_follows_from_it(run: Run) -> None:
    changes = ("--set", "muscle_temperature=27")
    cold, warm = (json.loads(run("simulate", "healthy", *SHORT, *more, "--json").out) for more in (changes, ()))
    assert cold["twitch"]["contraction_time_s"] > 1.2 * warm["twitch"]["contraction_time_s"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "condition must be given"),
        (("coffeine",), "Did you mean 'caffeine'?"),
        (("iron_deficiency",), "must have a mechanism in the model"),
        (("healthy", "--duration", "0"), "duration_s must be a finite number above 0"),
        (("healthy", "--duration", "1e9"), "duration_s must lie in"),
        (("healthy_contraction", "--duration", "4000"), "duration_s must lie in"),
        (("healthy", "--rate", "10"), "sampling_rate_hz must lie in"),
        (("healthy", "--rate", "nan"), "sampling_rate_hz must lie in"),
        (("healthy", "--units", "0"), "n_units must lie in"),
        (("healthy", "--units", "100000"), "n_units must lie in"),
        (("healthy", "--severity", "awful"), "severity must be a number from 0 to 2"),
        (("healthy", "--severity", "3"), "severity must be a number from 0 to 2"),
        (("healthy", "--severity", "0.5-1"), "severity must be one number or word"),
        (("healthy", "--age", "old"), "age must be a number, a range"),
        (("healthy", "--age", "60-70"), "age must be one number for one person"),
        (("healthy", "--age", "70-60", "--subjects", "2", "-o", "x"), "age must be a number, a range"),
        (("healthy", "--age", "9"), "age must lie in"),
        (("healthy", "--sex", "both"), "sex must be female or male"),
        (("healthy", "--alike"), "must go with several people"),
        (("healthy", "--female-share", "0.5"), "must go with several people"),
        (("healthy", "--subjects", "2", "-o", "x", "--alike", "--age", "60"), "--alike must go without"),
        (
            ("healthy", "--subjects", "2", "-o", "x", "--sex", "male", "--female-share", "0.5"),
            "--female-share must go without",
        ),
        (("healthy", "--subjects", "2", "-o", "x", "--severity", "2-1"), "severity must be a range from low to high"),
        (("healthy", "--subjects", "2", "-o", "x", "--alike", "--severity", "1-2"), "severity must be one number"),
        (("healthy", "--subjects", "2", "-o", "x", "--age", "90+-9"), "age must lie in"),
        (("healthy", "--seed", "-1"), "seed must lie in"),
        (("healthy", "--subjects", "0"), "subjects must lie in"),
        (("healthy", "--subjects", "3"), "output must be a folder"),
        (("healthy", "--muscle", "thenarr"), "Did you mean 'thenar'?"),
        (("healthy", "--scene", "dancing"), "scene must be one of"),
        (("healthy", "--grid", "8"), "grid must be rows x columns"),
        (("healthy", "--grid", "0x8"), "grid must be rows x columns"),
        (("healthy", "--grid", "65x1"), "grid must be rows x columns"),
        (("healthy", "--grid", "axb"), "grid must be rows x columns"),
        (("healthy", "--grid", "8x8", "--needle-mm", "10"), "electrodes must be a grid or a needle"),
        (("healthy", "--grid", "8x8", "--spacing-mm", "0"), "spacing-mm must be a finite number above 0"),
        (("healthy", "--needle-mm", "-1"), "needle-mm must be a finite number above 0"),
        (("healthy", "--needle-mm", "500"), "depth_m must lie in the muscle"),
        (("healthy", "--set", "tremor_frequency"), "--set must be PARAMETER=VALUE"),
        (("healthy", "--set", "tremor_frequency=fast"), "--set must be PARAMETER=VALUE"),
        (("healthy", "--set", "=5"), "parameter must be one that"),
        (("healthy", "--set", "ionised_calcium=0.001"), "Did you mean 'ionized_calcium'?"),
        (("healthy", "--set", "ionized_calcium=5"), "ionized_calcium must lie in"),
        (("healthy", "--set", "ionized_calcium=nan"), "ionized_calcium must lie in"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(run: Run, arguments: tuple[str, ...], said: str) -> None:
    more = () if "--duration" in arguments else ("--duration", "0.2")
    units = () if "--units" in arguments else ("--units", "4")
    done = run("simulate", *arguments, *more, *units)
    assert done.code == 2
    assert said in done.err
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err
    assert done.out == ""


def test_a_place_that_cannot_be_written_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    (tmp_path / "file").touch()
    for arguments in (
        ("-o", tmp_path / "none" / "x.edf"),
        ("-o", tmp_path, "--subjects", "2"),
        ("-o", tmp_path),
        ("-o", tmp_path / "file"),
    ):
        done = run("simulate", "healthy", *SHORT, *arguments)
        assert done.code == 2, arguments
        assert "must" in done.err
        assert "Traceback" not in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "letter.txt"]


def test_a_number_that_is_none_ends_with_exit_code_2(run: Run) -> None:
    for option in ("--duration", "--seed", "--units", "--rate", "--subjects", "--spacing-mm", "--needle-mm"):
        assert run("simulate", "healthy", option, "many").code == 2


def test_several_people_do_not_go_into_one_file(run: Run, tmp_path: Path) -> None:
    done = run("simulate", "healthy", "--subjects", "3", "-o", tmp_path / "x.edf")
    assert done.code == 2
    assert "output must be a folder" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_cluster_makes_data_sets_and_no_single_recordings(run: Run, tmp_path: Path) -> None:
    outcome = run("simulate", "healthy", "-o", tmp_path / "a.edf", "--cluster", "tcp://127.0.0.1:1")
    assert outcome.code == 2
    assert "cluster must be given for a data set" in outcome.err
