from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import welch

from twitchwise.simulate.muscle.contact import FADE, FRAME, Contact, Contacts
from twitchwise.vocabulary import OutOfRangeError

RATE = 2048.0


def _contacts(*contacts: Contact, seed: int = 0) -> Contacts:
    return Contacts(contacts=contacts, sampling_rate_hz=RATE, seed=seed)


def test_noise_has_the_given_size() -> None:
    noise = _contacts(Contact(noise_rms_v=3e-6, corner_hz=20.0)).noise_v(0, 0, 200_000)
    assert noise.std() == pytest.approx(3e-6, rel=0.05)


def test_noise_is_white_above_its_corner_and_grows_below() -> None:
    noise = _contacts(Contact(noise_rms_v=1.0, corner_hz=100.0)).noise_v(0, 0, 400_000)
    frequency, power = welch(noise, RATE, nperseg=2048)

    def at(low: float, high: float) -> float:
        return float(power[(frequency >= low) & (frequency < high)].mean())

    assert at(400, 600) == pytest.approx(at(800, 1000), rel=0.2)
    assert at(9, 11) / at(900, 1000) == pytest.approx(11 / 1.1, rel=0.25)


def test_white_noise_has_no_corner() -> None:
    noise = _contacts(Contact(noise_rms_v=1.0)).noise_v(0, 0, 400_000)
    frequency, power = welch(noise, RATE, nperseg=2048)
    assert power[(frequency > 5) & (frequency < 50)].mean() == pytest.approx(power[frequency > 500].mean(), rel=0.1)


def test_noise_is_normal_and_as_loud_where_frames_fade_into_one_another() -> None:
    contacts = _contacts(*[Contact(noise_rms_v=1.0)] * 40)
    total = np.zeros((FRAME + FADE + 4096, 40), np.float32)
    contacts.add_to(total, first_sample=0)
    assert total[: FADE // 2].std() == pytest.approx(1.0, rel=0.03)
    fading = total[FRAME : FRAME + FADE]
    assert fading[FADE // 4 : -FADE // 4].std() == pytest.approx(1.0, rel=0.03)
    for moment, normal in ((1, 0.0), (2, 1.0), (3, 0.0), (4, 3.0)):
        assert np.mean(total.astype(np.float64) ** moment) == pytest.approx(normal, abs=0.03)


@pytest.mark.parametrize("channel", [0, 15, 16, 20])
def test_a_channel_alone_has_the_noise_it_has_among_others(channel: int) -> None:
    contacts = _contacts(*[Contact(noise_rms_v=1.0, corner_hz=5.0, mains_v=0.0)] * 21, seed=3)
    total = np.zeros((FRAME + 2 * FADE, 21), np.float32)
    contacts.add_to(total, first_sample=100)
    assert np.array_equal(total[:, channel], contacts.noise_v(channel, 100, len(total)))


def test_only_contacts_that_hum_hum_and_each_in_its_own_way() -> None:
    quiet, low = Contact(noise_rms_v=0.0), Contact(noise_rms_v=0.0, mains_v=1.0)
    total = np.zeros((2048, 4), np.float32)
    _contacts(low, quiet, replace(low, mains_hz=60.0), low).add_to(total, first_sample=0)
    assert np.abs(np.fft.rfft(total, axis=0)).argmax(axis=0).tolist() == [50, 0, 60, 50]
    assert not total[:, 1].any()


def test_drift_is_slow() -> None:
    drift = _contacts(Contact(noise_rms_v=0.0, drift_rms_v=1e-4)).noise_v(0, 0, 200_000)
    assert drift.std() == pytest.approx(1e-4, rel=0.3)
    frequency, power = welch(drift, RATE, nperseg=16384)
    assert power[frequency > 5].sum() < 1e-3 * power.sum()


NOISY = _contacts(Contact(noise_rms_v=1.0, corner_hz=10.0), seed=7)
WHOLE = NOISY.noise_v(0, 0, 20_000)


@given(st.integers(0, 19_000), st.integers(0, 1000))
def test_any_stretch_is_the_same_however_it_is_read(start: int, length: int) -> None:
    assert np.array_equal(NOISY.noise_v(0, start, length), WHOLE[start : start + length])


def test_channels_and_seeds_have_noise_of_their_own() -> None:
    contact = Contact(noise_rms_v=1.0)
    first, second = (_contacts(contact, contact).noise_v(channel, 0, 20_000) for channel in (0, 1))
    other = _contacts(contact, contact, seed=1).noise_v(0, 0, 20_000)
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.05
    assert abs(np.corrcoef(first, other)[0, 1]) < 0.05


def test_hum_has_its_frequency_its_size_and_its_harmonics() -> None:
    contact = Contact(noise_rms_v=0.0, mains_v=1e-5, mains_hz=50.0, mains_distortion=0.3)
    total = np.zeros((2048, 1), np.float32)
    _contacts(contact).add_to(total, first_sample=0)
    amplitude = np.abs(np.fft.rfft(total[:, 0])) / 1024
    assert amplitude[50] == pytest.approx(1e-5, rel=1e-3)
    assert amplitude[100] == pytest.approx(3e-6, rel=1e-3)
    assert amplitude[150] == pytest.approx(9e-7, rel=1e-3)


def test_hum_goes_on_from_block_to_block() -> None:
    contacts = _contacts(Contact(noise_rms_v=0.0, mains_v=1.0, mains_hz=60.0))
    whole, part = np.zeros((1000, 1), np.float32), np.zeros((400, 1), np.float32)
    contacts.add_to(whole, first_sample=0)
    contacts.add_to(part, first_sample=600)
    assert part == pytest.approx(whole[600:], abs=1e-5)


def test_harmonics_above_half_the_sampling_rate_are_not_heard() -> None:
    contacts = Contacts(
        contacts=[Contact(noise_rms_v=0.0, mains_v=1.0, mains_distortion=1.0)], sampling_rate_hz=120.0, seed=0
    )
    total = np.zeros((120, 1), np.float32)
    contacts.add_to(total, first_sample=0)
    assert (np.abs(np.fft.rfft(total[:, 0])) > 1).sum() == 1


def test_a_bad_contact_lets_little_through_and_adds_much(parameters: Mapping[str, float]) -> None:
    good, bad = Contact.good(parameters), Contact.bad(parameters)
    assert good.gain == 1.0
    assert bad.gain < 0.5
    assert bad.noise_rms_v > 3 * good.noise_rms_v
    total = np.full((4000, 2), 1e-3, np.float32)
    _contacts(good, bad).add_to(total, first_sample=0)
    assert total[:, 0].mean() == pytest.approx(1e-3, rel=0.05)
    assert total[:, 1].std() > 10 * total[:, 0].std()


def test_movement_shows_where_a_contact_minds_it() -> None:
    still, shaken = Contact(noise_rms_v=0.0), Contact(noise_rms_v=0.0, movement_v_per_mps2=1e-4)
    acceleration = np.sin(np.arange(500) / 50)
    total = np.zeros((500, 2), np.float32)
    _contacts(still, shaken).add_to(total, first_sample=0, acceleration_mps2=acceleration)
    assert not total[:, 0].any()
    assert total[:, 1] == pytest.approx(1e-4 * acceleration, abs=1e-9)
    at_rest = np.zeros((500, 2), np.float32)
    _contacts(still, shaken).add_to(at_rest, first_sample=0)
    assert not at_rest.any()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("noise_rms_v", -1e-6),
        ("corner_hz", -1.0),
        ("gain", 1.5),
        ("drift_rms_v", -1.0),
        ("mains_v", -1.0),
        ("mains_hz", 0.0),
        ("mains_distortion", 2.0),
        ("movement_v_per_mps2", -1.0),
    ],
)
def test_a_contact_that_cannot_be_is_refused(name: str, value: float) -> None:
    with pytest.raises(OutOfRangeError, match=name):
        Contact(**({"noise_rms_v": 1e-6} | {name: value}))


def test_blocks_that_do_not_fit_are_refused() -> None:
    contacts = _contacts(Contact(noise_rms_v=1e-6))
    with pytest.raises(OutOfRangeError, match="total must have 1 channels"):
        contacts.add_to(np.zeros((5, 2), np.float32), first_sample=0)
    with pytest.raises(OutOfRangeError, match="acceleration_mps2 must have 5 samples"):
        contacts.add_to(np.zeros((5, 1), np.float32), first_sample=0, acceleration_mps2=np.zeros(4))
    with pytest.raises(OutOfRangeError, match="sampling_rate_hz"):
        Contacts(contacts=[], sampling_rate_hz=0.0, seed=0)
    with pytest.raises(OutOfRangeError, match="seed"):
        Contacts(contacts=[], sampling_rate_hz=1.0, seed=-1)
