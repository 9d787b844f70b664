"""Motor unit action potentials on the skin: every unit's waveform on every channel, ready to be added at discharges.

Arrivals of fronts (see `sources`) times the skin's view of each place (see `conductor`) give the potential of a unit by
one matrix product per unit; the wave that follows a front and the amplifier's low-pass are applied in frequency.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import fft, sparse

from twitchwise.simulate.muscle.action_potential import FiberActionPotential
from twitchwise.simulate.muscle.conductor import Conductor, SkinView
from twitchwise.simulate.muscle.electrodes import Montage
from twitchwise.simulate.muscle.layout import Layout
from twitchwise.simulate.muscle.low_pass import STOP, low_pass, power_of_two
from twitchwise.simulate.muscle.sources import FloatArray32, SourceGrid, UnitSource, unit_source
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_positive, require_within

BEFORE_S = 2e-3  # the low-pass reaches this far ahead of the discharge
SOURCE_RATE_HZ = 8000.0  # at least; arrivals are counted so often, and the straight line between is corrected for
SHIFTED_RATE_HZ = 32000.0  # at least; a discharge is met to half a step of this rate
OVER = 1e-3  # of a unit's peak: where its waveform is over
DEPTH_STEP = 0.08  # in the logarithm of the distance to the skin: depths that are tabulated
ACROSS_STEP = 0.2  # of the thickness of fat and skin: distance of tabulated places across
_STENCIL = 4  # places that a cubic goes through


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
    view = _ContactView.of(layout, montage, grid, conductor=conductor, diameter_m=diameter_m)
    filters = _Filters.of(layout, grid, potential, sampling_rate_hz)
    banks = []
    for unit in range(layout.n_units):
        if layout.first_fiber[unit] == layout.first_fiber[unit + 1]:
            banks.append(np.zeros((filters.n_shifts, filters.n_samples, montage.mixing.shape[0]), np.float32))
            continue
        source = unit_source(layout, unit, grid, potential=potential, cover_m=conductor.cover_m)
        banks.append(filters.bank(source, view.of_groups(source), montage.mixing.astype(np.float32)))
    bank = np.stack(banks)
    return Templates(
        bank=_trimmed(bank, filters.before),
        before=filters.before,
        sampling_rate_hz=sampling_rate_hz,
        channel_names=montage.channel_names,
    )


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

    def bank(self, source: UnitSource, seen: FloatArray32, mixing: FloatArray32) -> FloatArray32:
        """Return waveforms of one unit, shape ``(n_shifts, n_samples, n_channels)``.

        Parameters
        ----------
        source
            The arrivals.
        seen
            What contacts see of each place and group, in V/(A m), shape ``(n_places, n_groups, n_contacts)``.
        mixing
            How channels are made of contacts, shape ``(n_channels, n_contacts)``.
        """
        frequency_hz = fft.rfftfreq(self.n_fft, 1 / self.grid.rate_hz)
        frequency_hz = frequency_hz[frequency_hz < STOP * self.sampling_rate_hz]
        turn = 2 * np.pi * frequency_hz
        gain = low_pass(frequency_hz / self.sampling_rate_hz) * self.grid.rate_hz
        gain = gain / np.sinc(frequency_hz / self.grid.rate_hz) ** 2  # of the straight line between two moments
        delayed = gain * np.exp(-1j * turn * self.before / self.sampling_rate_hz)
        waves = np.stack(
            [
                self.potential.spectrum(turn, source.velocity_mps),
                self.potential.spectrum_by_velocity(turn, source.velocity_mps),
            ]
        )
        arrived = fft.rfft(self._arrived(source, seen, mixing), self.n_fft, axis=1)[:, : turn.size]
        return self._shifted(((waves * delayed).astype(np.complex64)[:, :, np.newaxis] * arrived).sum(axis=0))

    def _arrived(self, source: UnitSource, seen: FloatArray32, mixing: FloatArray32) -> FloatArray32:
        """Return what arrivals give on channels at each moment, shape ``(2, n_times, n_channels)``."""
        at_places = source.moved @ seen @ mixing.T
        width = source.moved.shape[2]
        arrived = np.zeros((2, self.grid.n_times + width, mixing.shape[0]), np.float32)
        for place, first in enumerate(source.first.tolist()):
            arrived[:, first : first + width] += at_places[:, place]
        return arrived

    def _shifted(self, spectrum: npt.NDArray[np.complex64]) -> FloatArray32:
        steps = round(self.n_shifts * self.n_fft * self.sampling_rate_hz / self.grid.rate_hz)
        fine: FloatArray32 = fft.irfft(spectrum, steps, axis=0) * np.float32(steps / self.n_fft)
        sample, shift = np.arange(self.n_samples), np.arange(self.n_shifts)[:, np.newaxis]
        bank: FloatArray32 = fine[(sample * self.n_shifts - shift) % steps]
        return bank


@dataclass(frozen=True, kw_only=True, eq=False)
class _ContactView:
    """What each contact sees of a current anywhere in the muscle, from tables and cubics between their places.

    There is a table for each place along the muscle where contacts lie: numbers of the contacts, and what they see, of
    shape ``(n_across * n_depths, n_places)``.
    """

    contacts_m: FloatArray
    log_depth: FloatArray
    across_m: FloatArray
    cover_m: float
    tables: tuple[tuple[npt.NDArray[np.intp], FloatArray32], ...]

    @classmethod
    def of(
        cls, layout: Layout, montage: Montage, grid: SourceGrid, *, conductor: Conductor, diameter_m: float
    ) -> "_ContactView":
        contacts = montage.contacts_m
        cover_m = conductor.cover_m
        first, last = np.log(cover_m + np.array([layout.depth_m.min(initial=1.0), layout.depth_m.max(initial=0.0)]))
        n_depths = max(int(np.ceil((last - first) / DEPTH_STEP)) + 1, _STENCIL)
        log_depth: FloatArray = first + DEPTH_STEP * np.arange(n_depths, dtype=np.float64)
        step = ACROSS_STEP * cover_m
        farthest = np.abs(layout.across_m).max() + np.abs(contacts[:, 1]).max()
        across: FloatArray = step * np.arange(-_STENCIL // 2, int(farthest / step) + _STENCIL, dtype=np.float64)
        reach = np.abs(contacts[:, 0]).max() + np.abs(grid.place_m).max()
        view = SkinView(
            conductor=conductor,
            depth_m=np.exp(log_depth) - cover_m,
            across_m=across,
            reach_m=float(reach),
            diameter_m=diameter_m,
        )
        places, which = np.unique(np.round(contacts[:, 0], 9), return_inverse=True)
        tables = [
            (np.flatnonzero(which.ravel() == number), view.slope(place - grid.place_m).astype(np.float32))
            for number, place in enumerate(places)
        ]
        return cls(contacts_m=contacts, log_depth=log_depth, across_m=across, cover_m=cover_m, tables=tuple(tables))

    def of_groups(self, source: UnitSource) -> FloatArray32:
        """Return what contacts see in V/(A m), shape ``(n_places, n_groups, n_contacts)``."""
        _, n_places, _, n_groups = source.moved.shape
        seen = np.empty((n_places, n_groups, self.contacts_m.shape[0]), np.float32)
        deep = _cubic(self.log_depth, np.log(source.depth_m + self.cover_m))
        for contacts, table in self.tables:
            distance = np.abs(self.contacts_m[contacts, 1] - source.across_m[:, np.newaxis]).ravel()
            aside = _cubic(self.across_m, distance)
            weights = self._between(deep, aside, contacts.size)
            seen[:, :, contacts] = (weights @ table).reshape(n_groups, contacts.size, n_places).transpose(2, 0, 1)
        return seen

    def _between(
        self, deep: tuple[npt.NDArray[np.intp], FloatArray], aside: tuple[npt.NDArray[np.intp], FloatArray], repeat: int
    ) -> "sparse.csr_array":
        depth_node, depth_weight = (np.repeat(part, repeat, axis=0) for part in deep)
        node = aside[0][:, :, np.newaxis] * self.log_depth.size + depth_node[:, np.newaxis, :]
        weight = aside[1][:, :, np.newaxis] * depth_weight[:, np.newaxis, :]
        rows = np.arange(node.shape[0] + 1) * _STENCIL**2
        shape = (node.shape[0], self.across_m.size * self.log_depth.size)
        return sparse.csr_array((weight.ravel().astype(np.float32), node.ravel(), rows), shape=shape)


def _cubic(nodes: FloatArray, at: FloatArray) -> tuple[npt.NDArray[np.intp], FloatArray]:
    """Return numbers and weights of the four evenly spaced nodes around each place, each ``(n, 4)``."""
    position = (at - nodes[0]) / (nodes[1] - nodes[0])
    first = np.clip(np.floor(position).astype(np.intp) - 1, 0, nodes.size - _STENCIL)
    a, b, c, d = (position - first - offset for offset in range(_STENCIL))
    weights = np.stack([-b * c * d / 6, a * c * d / 2, -a * b * d / 2, a * b * c / 6], axis=1)
    return first[:, np.newaxis] + np.arange(_STENCIL), weights
