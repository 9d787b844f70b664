"""People are the same wherever they are made, also by hands that see none of our files."""

import pickle
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest

from twitchwise.formats.bids import BuiltRecording, PackedRecording
from twitchwise.simulate import Apparatus, Between, People, Setting, simulate_data_set
from twitchwise.simulate.batch import Batch, begun, make_batch
from twitchwise.simulate.order import Order
from twitchwise.simulate.person import Person
from twitchwise.simulate.stopwatch import Stopwatch
from twitchwise.simulate.twitches.sums import filled_size
from twitchwise.vocabulary import OutOfRangeError, UnwritableFileError

Argument = TypeVar("Argument")
Result = TypeVar("Result")
QUICK = Apparatus(n_units=4, sampling_rate_hz=1000.0)
SMALL = 4000  # bytes: what is sent for eight people


class FarHands:
    """Hands on another machine: everything is sent as bytes, and no file of ours is seen."""

    n_hands = 2
    share_the_disk = False

    def __init__(self) -> None:
        self.sent: list[int] = []

    def submit(self, work: Callable[[Argument], Result], argument: Argument, /) -> Future[Result]:
        """Do it now, from what another machine would get."""
        sent = pickle.dumps((work, argument))
        self.sent.append(len(sent))
        there, given = pickle.loads(sent)  # noqa: S301 - just written
        assert str(given).count(str(Path.cwd())) == 0
        future: Future[Result] = Future()
        future.set_result(pickle.loads(pickle.dumps(there(given))))  # noqa: S301 - just written
        return future


def _all(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("condition", ["healthy", "essential_tremor"])
def test_whoever_makes_people_the_data_set_is_the_same(tmp_path: Path, condition: str) -> None:
    far = FarHands()
    options: dict[str, Any] = {"n_subjects": 3, "duration_s": 0.5, "apparatus": QUICK}
    simulate_data_set(condition, tmp_path / "own", **options)
    simulate_data_set(condition, tmp_path / "far", **options, hands=far)
    assert max(far.sent) < SMALL
    assert _all(tmp_path / "far") == _all(tmp_path / "own")


@pytest.mark.parametrize("condition", ["spinal_cord_injury_spasticity", "cerebellar_disease", "healthy_contraction"])
def test_a_person_is_the_same_to_the_bit_in_whatever_company(tmp_path: Path, condition: str) -> None:
    order = Order(setting=Setting(condition=condition), duration_s=2.0)  # of whole muscles, whose sizes differ
    many = begun(order, [(str(seed), seed) for seed in range(6)], tmp_path, Stopwatch())
    assert len({filled_size(len(one.prepared.agonist)) for one in many}) > 1
    for number in (0, 3, 5):
        alone = begun(order, [("one", number)], tmp_path, Stopwatch())[0]
        assert alone.loop is not None
        assert len(alone.loop.agonist) > 0
        assert all(map(np.array_equal, _arrays(alone), _arrays(many[number])))


def _arrays(person: Person) -> list["np.typing.NDArray[Any]"]:
    """Return the numbers of a person up to the run of the motor neurons."""
    loop, prepared = person.loop, person.prepared
    assert loop is not None
    motion = loop.motion
    assert motion is not None
    pools = [array for pool in (loop.agonist, loop.antagonist) for array in (pool.time_s, pool.unit)]
    joint = (motion.joint.angle_rad, motion.joint.velocity_radps, motion.joint.acceleration_radps2)
    moved = [*joint, motion.muscle_torque_nm, motion.external_torque_nm, motion.drive]
    twitches = [np.asarray(values) for pool in prepared.twitches for values in pool]
    return [*pools, *moved, *twitches, np.array(list(prepared.parameters.values()))]


def test_people_with_and_without_activity_are_made_together(tmp_path: Path) -> None:
    people = People(severity=Between(low=0.0, high=0.3))  # whose severity is 0 neither trembles nor has an antagonist
    setting = Setting(condition="parkinson_disease")
    done = simulate_data_set(setting, tmp_path, n_subjects=6, duration_s=1.0, apparatus=QUICK, people=people)
    assert len({one.n_discharges > 0 for one in done.subjects}) == 2


def test_what_is_asked_for_has_a_name_that_words_change_and_order_does_not() -> None:
    one = Order(setting=Setting(condition="healthy", changes={"fat_thickness": 0.003, "load_mass": 1.0}))
    other = Order(setting=Setting(condition="healthy", changes={"load_mass": 1.0, "fat_thickness": 0.003}))
    assert one.name == other.name
    assert one.name != replace(one, duration_s=2.0).name
    assert one.name != replace(one, people=People(age=Between(low=40, high=50))).name


def _packed(tmp_path: Path) -> PackedRecording:
    batch = Batch(
        order=Order(setting=Setting(condition="healthy"), duration_s=0.25, apparatus=QUICK),
        labels=[("001", 3)],
        workshop=None,
    )
    built = make_batch(batch)[0].built
    assert isinstance(built, PackedRecording)
    assert not built.built.folder.exists()
    assert built.unpacked(tmp_path / "there").folder == tmp_path / "there"
    return built


def test_a_packed_recording_is_the_same_when_it_is_unpacked_and_packed_again(tmp_path: Path) -> None:
    packed = _packed(tmp_path)
    again = PackedRecording.of(packed.unpacked(tmp_path / "again"))
    assert again.files == packed.files
    assert any(name.endswith("_emg.edf") for name in again.files)


@pytest.mark.parametrize("name", ["../x", "/x", "raw/../../x", "raw\\x", "c:x"])
def test_nothing_is_unpacked_outside_of_its_folder(tmp_path: Path, name: str) -> None:
    built = BuiltRecording(participant_id="sub-1", stem="sub-1_emg", place="sub-1/emg", participant={}, folder=tmp_path)
    with pytest.raises(OutOfRangeError, match="must lie below"):
        PackedRecording(built=built, files={"raw/fine": b"", name: b""}).unpacked(tmp_path / "there")
    assert not (tmp_path / "there").exists()


def test_files_that_are_not_there_cannot_be_packed(tmp_path: Path) -> None:
    built = BuiltRecording(participant_id="sub-1", stem="s", place="p", participant={}, folder=tmp_path / "gone")
    assert PackedRecording.of(built).files == {}
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(UnwritableFileError, match="must"):
        PackedRecording(built=built, files={"a/b": b""}).unpacked(tmp_path)
