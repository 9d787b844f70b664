"""Motor unit action potentials on the skin: every unit's waveform on every channel, ready to be added at discharges.

Arrivals of fronts (see `sources`) times the skin's view of each place (see `conductor`) give the potential of a unit by
one matrix product per unit; the wave that follows a front and the amplifier's low-pass are applied in frequency.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import fft

from twitchwise.simulate.muscle.action_potential import ComplexArray, FiberActionPotential
from twitchwise.simulate.muscle.conductor import Conductor
from twitchwise.simulate.muscle.electrodes import Montage
from twitchwise.simulate.muscle.layout import Layout
from twitchwise.simulate.muscle.low_pass import STOP, low_pass, power_of_two
from twitchwise.simulate.muscle.sources import FloatArray32, SourceGrid, Sources, sources
from twitchwise.simulate.muscle.views import ContactView
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray, IntArray
from twitchwise.vocabulary.checks import require_positive, require_within

BEFORE_S = 2e-3  # the low-pass reaches this far ahead of the discharge
SOURCE_RATE_HZ = 8000.0  # at least; arrivals are counted so often, and the straight line between is corrected for
SHIFTED_RATE_HZ = 32000.0  # at least; a discharge is met to half a step of this rate
OVER = 1e-3  # of a unit's peak: where its waveform is over
TOGETHER = 400  # fibers worked on at once, in whole units; more do not fit the cache


class Electrodes(Protocol):
    """Anything on the skin that has a montage."""

    @property
    def montage(self) -> Montage:
        """Contacts and channels."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Templates:
    """The potentials of every unit on every channel, at sub-sample shifts.

    A discharge is here the moment at which the unit's endplates are activated: axon and junction come before.

    Parameters
    ----------
    bank
        In V; ``bank[unit, m]`` is for a discharge ``m / n_shifts`` of a sample after a sample, shape
        ``(n_units, n_shifts, n_samples, n_channels)``.
    before
        Number of samples before the discharge.
    sampling_rate_hz
        Samples per second.
    channel_names
        One a channel.

    Raises
    ------
    OutOfRangeError
        If shapes do not fit, or the rate is not above 0.
    """

    bank: FloatArray32
    before: int
    sampling_rate_hz: float
    channel_names: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse what cannot be added up."""
        require_positive("sampling_rate_hz", self.sampling_rate_hz)
        if self.bank.ndim != 4 or self.bank.shape[3] != len(self.channel_names):  # noqa: PLR2004 (named in the docstring)
            raise OutOfRangeError(
                f"bank must have shape (units, shifts, samples, {len(self.channel_names)}), got {self.bank.shape!r}."
            )
        require_within("before", self.before, 0, self.bank.shape[2])

    @property
    def voltage_v(self) -> FloatArray32:
        """The potentials for a discharge at a sample, in V, shape ``(n_units, n_samples, n_channels)``."""
        return self.bank[:, 0]

    @property
    def n_units(self) -> int:
        """Number of motor units."""
        return int(self.bank.shape[0])

    def peak_to_peak_v(self) -> FloatArray:
        """Return peak-to-peak amplitudes in V, shape ``(n_units, n_channels)``."""
        fine = self.bank.reshape(self.n_units, -1, self.bank.shape[3])
        extent: FloatArray = (fine.max(axis=1) - fine.min(axis=1)).astype(np.float64)
        return extent

    def waveform(self, unit: int, channel: int) -> tuple[FloatArray, FloatArray]:
        """Return times from the discharge in s and the potential in V, at the step of the shifts, each ``(n,)``."""
        require_within("unit", unit, 0, self.n_units - 1)
        require_within("channel", channel, 0, self.bank.shape[3] - 1)
        _, n_shifts, n_samples, _ = self.bank.shape
        # a later discharge shows an earlier part of the waveform at the same sample
        fine = self.bank[unit, :, :, channel].T[:, ::-1].ravel().astype(np.float64)
        steps = np.arange(n_shifts * n_samples) - (n_shifts - 1) - self.before * n_shifts
        return steps / (n_shifts * self.sampling_rate_hz), fine

    def peak_s(self, unit: int, channel: int) -> float:
        """Return when a unit's potential is largest on a channel, in s from the discharge."""
        time_s, wave = self.waveform(unit, channel)
        return float(time_s[np.argmax(np.abs(wave))])

    def span_s(self, unit: int, channel: int, *, share: float = 0.05) -> tuple[float, float]:
        """Return when a unit's potential starts and ends on a channel, in s from the discharge.

        Parameters
        ----------
        unit, channel
            Their numbers.
        share
            Of the largest deflection, in (0, 1), at which it stands out from the baseline.

        Raises
        ------
        OutOfRangeError
            If a number lies outside.
        """
        require_within("share", share, np.nextafter(0, 1), 1.0)
        time_s, wave = self.waveform(unit, channel)
        seen = np.flatnonzero(np.abs(wave) >= share * np.abs(wave).max())
        return float(time_s[seen[0]]), float(time_s[seen[-1]])


def templates(
    layout: Layout, electrodes: Electrodes, parameters: Mapping[str, float], *, sampling_rate_hz: float
) -> Templates:
    """Return what electrodes on the skin see of every motor unit.

    Parameters
    ----------
    layout
        The muscle.
    electrodes
        A grid, a pair, or anything with a montage.
    parameters
        By id; of the tissue, the action potential and the electrode.
    sampling_rate_hz
        Samples per second, above 0.

    Raises
    ------
    OutOfRangeError
        If a number lies outside or no unit has a fiber.
    """
    require_positive("sampling_rate_hz", sampling_rate_hz)
    montage, conductor = electrodes.montage, Conductor.of(parameters)
    potential = FiberActionPotential.of(parameters)
    diameter_m = parameters[montage.diameter_id] if montage.diameter_m is None else montage.diameter_m
    oversampled = power_of_two(SOURCE_RATE_HZ / sampling_rate_hz)
    grid = SourceGrid.around(layout, sampling_rate_hz * oversampled)
    view = ContactView.of(layout, montage, grid, conductor=conductor, diameter_m=diameter_m)
    filters = _Filters.of(layout, grid, potential, sampling_rate_hz)
    bank = np.zeros((layout.n_units, filters.n_shifts, filters.n_samples, montage.mixing.shape[0]), np.float32)
    for units in _batches(layout):
        here = sources(layout, units, grid, potential=potential, cover_m=conductor.cover_m)
        seen = here.seen(view.slope(here.depth_m, here.across_m))
        bank[units] = filters.bank(here, seen if view.heads.are_channels else seen @ view.heads.mixing.T)
    return Templates(
        bank=_trimmed(bank, filters.before),
        before=filters.before,
        sampling_rate_hz=sampling_rate_hz,
        channel_names=montage.channel_names,
    )


def _batches(layout: Layout) -> list[IntArray]:
    """Return units that have fibers, so many at once as have enough of them."""
    units = np.flatnonzero(np.diff(layout.first_fiber))
    batch = layout.first_fiber[units + 1] // TOGETHER
    return np.split(units, np.flatnonzero(np.diff(batch)) + 1)


def _trimmed(bank: FloatArray32, before: int) -> FloatArray32:
    """Leave out the end where every unit is over."""
    largest = np.abs(bank).max(axis=(1, 3))
    seen = (largest > OVER * largest.max(axis=1, keepdims=True)).any(axis=0)
    last = int(np.flatnonzero(seen)[-1]) + 1 if seen.any() else 0
    return np.ascontiguousarray(bank[:, :, : max(last, before + 1)])


@dataclass(frozen=True, kw_only=True, eq=False)
class _Filters:
    """What turns counted arrivals into waveforms: the wave behind a front and the amplifier's low-pass."""

    potential: FiberActionPotential
    grid: SourceGrid
    n_fft: int
    n_samples: int
    n_shifts: int
    before: int
    sampling_rate_hz: float

    @classmethod
    def of(
        cls, layout: Layout, grid: SourceGrid, potential: FiberActionPotential, sampling_rate_hz: float
    ) -> "_Filters":
        tail_s = potential.tail_m / float(layout.velocity_mps.min())
        before = int(np.ceil(BEFORE_S * sampling_rate_hz))
        n_samples = before + int(np.ceil((grid.n_times / grid.rate_hz + tail_s) * sampling_rate_hz)) + 1
        return cls(
            potential=potential,
            grid=grid,
            # as much room again as comes before, so that the low-pass does not wrap around
            n_fft=int(fft.next_fast_len(n_samples + before, real=True)) * round(grid.rate_hz / sampling_rate_hz),
            n_samples=n_samples,
            n_shifts=power_of_two(SHIFTED_RATE_HZ / sampling_rate_hz),
            before=before,
            sampling_rate_hz=sampling_rate_hz,
        )

    def bank(self, units: Sources, seen: FloatArray32) -> FloatArray32:
        """Return waveforms of some units, shape ``(n_units, n_shifts, n_samples, n_channels)``.

        Parameters
        ----------
        units
            Their arrivals.
        seen
            What these give on channels, with both of their factors, shape ``(2, n_units, n_times, n_channels)``.
        """
        frequency_hz = fft.rfftfreq(self.n_fft, 1 / self.grid.rate_hz)
        frequency_hz = frequency_hz[frequency_hz < STOP * self.sampling_rate_hz]
        turn, velocity = 2 * np.pi * frequency_hz, units.velocity_mps[:, np.newaxis]
        waves = (self.potential.spectrum(turn, velocity), self.potential.spectrum_by_velocity(turn, velocity))
        gain, spectrum = self._gain(frequency_hz), np.zeros((), np.complex64)
        for wave, by_factor in zip(waves, seen, strict=True):
            arrived = fft.rfft(by_factor, self.n_fft, axis=1)[:, : turn.size]
            spectrum = spectrum + (wave * gain).astype(np.complex64)[..., np.newaxis] * arrived
        return self._shifted(spectrum)

    def _gain(self, frequency_hz: FloatArray) -> ComplexArray:
        """Return what is done to arrivals: low-pass, and delay by the samples before and by all shifts but one."""
        gain = low_pass(frequency_hz / self.sampling_rate_hz) * self.grid.rate_hz
        gain = gain / np.sinc(frequency_hz / self.grid.rate_hz) ** 2  # of the straight line between two moments
        delay_s = (self.before + (self.n_shifts - 1) / self.n_shifts) / self.sampling_rate_hz
        delayed: ComplexArray = gain * np.exp(-2j * np.pi * frequency_hz * delay_s)
        return delayed

    def _shifted(self, spectrum: npt.NDArray[np.complex64]) -> FloatArray32:
        steps = round(self.n_shifts * self.n_fft * self.sampling_rate_hz / self.grid.rate_hz)
        fine: FloatArray32 = fft.irfft(spectrum, steps, axis=1, overwrite_x=True) * np.float32(steps / self.n_fft)
        # a later discharge shows an earlier part of the waveform at the same sample
        by_shift = fine.reshape(fine.shape[0], -1, self.n_shifts, fine.shape[2])[:, : self.n_samples, ::-1]
        return by_shift.swapaxes(1, 2)
