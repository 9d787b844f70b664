"""Channels of one array are looked at together, all others by themselves."""

from twitchwise.measure.emg.groups import electrode_groups
from twitchwise.signals import Channel
from twitchwise.vocabulary import ChannelKind, Electrode, Unit


def emg(name: str, **more: object) -> Channel:
    known: dict[str, object] = {
        "kind": ChannelKind.EMG,
        "unit": Unit.VOLT,
        "sampling_rate_hz": 2048.0,
        "n_samples": 4096,
        **more,
    }
    return Channel(name=name, **known)  # type: ignore[arg-type]


def test_channels_that_the_file_calls_one_array_are_a_group() -> None:
    groups = electrode_groups([emg(f"A{i}", array="forearm") for i in range(5)])
    assert [(group.name, len(group.channels), group.assumed) for group in groups] == [("forearm", 5, False)]


def test_two_arrays_stay_apart() -> None:
    channels = [emg(f"{name}{i}", array=name) for name in ("g1", "g2") for i in range(8)]
    assert [group.name for group in electrode_groups(channels)] == ["g1", "g2"]


def test_three_electrodes_are_no_array_even_if_they_are_called_one() -> None:
    assert not any(group.is_array for group in electrode_groups([emg(f"A{i}", array="a") for i in range(3)]))


def test_many_numbered_channels_are_taken_for_an_array_and_that_is_told() -> None:
    (group,) = electrode_groups([emg(f"EMG {i:02d}") for i in range(32)])
    assert group.assumed
    assert group.is_array


def test_a_few_numbered_channels_are_separate_muscles() -> None:
    assert len(electrode_groups([emg(f"EMG{i}") for i in range(8)])) == 8


def test_channels_named_after_muscles_are_separate_however_many_there_are() -> None:
    names = [chr(ord("a") + i) * 3 for i in range(20)]
    assert len(electrode_groups([emg(name) for name in names])) == 20


def test_needles_are_never_an_array() -> None:
    channels = [emg(f"N{i}", array="probe", electrode=Electrode.NEEDLE) for i in range(16)]
    assert not any(group.is_array for group in electrode_groups(channels))


def test_channels_of_different_rates_or_units_are_not_one_array() -> None:
    channels = [emg(f"A{i}", array="a", sampling_rate_hz=1000.0 + 1000 * (i % 2)) for i in range(16)]
    assert [len(group.channels) for group in electrode_groups(channels)] == [8, 8]
