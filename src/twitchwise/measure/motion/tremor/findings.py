"""What a sensor shows of a tremor, as measurements with intervals, methods and doubts."""

from collections.abc import Iterator

import numpy as np
from scipy.special import expit

from twitchwise.measure.motion.tremor.one_sensor import UNITS, SensorTremor, Tremor
from twitchwise.measure.motion.tremor.presence import Presence, Runs, Verdict
from twitchwise.measure.motion.tremor.settings import TremorSettings
from twitchwise.measure.motion.tremor.sizes import Estimate, harmonics, interquartile_of, mean_of, waxing
from twitchwise.measure.motion.tremor.visible import as_acceleration
from twitchwise.measure.rate_interval import share_interval
from twitchwise.signals import EventTrain
from twitchwise.vocabulary import ChannelKind, EventKind, Measurement, Unit
from twitchwise.vocabulary.text import say

_PERCENT = 100.0
_ODDS_DOUBT = 2.0  # log odds: rendered recordings tell the odds no better than to this factor of e
_WRIST = say(
    "for a gyroscope on the wrist, the published detector of Timmermans et al. 2025 (doi:10.1038/s41531-025-01056-2)"
)
_TURNS = say(
    "An accelerometer cannot tell moving from turning: gravity along a turning axis looks like a movement, so "
    "this is no more than a guide."
)


def measurements_of(shown: SensorTremor) -> Iterator[Measurement]:
    """Give all measurements of one sensor."""
    yield probability_of(shown.presence, "tremor_probability", shown.sensor.name)
    if shown.presence.verdict is Verdict.TOO_SMALL:
        return
    yield _share(shown)
    if shown.tremor is not None:
        yield from _of_tremor(shown, shown.tremor)


def probability_of(found: Presence, measurement_id: str, channel: str | None) -> Measurement:
    """Return how certain a tremor is; too small a movement leaves the answer open."""
    small = found.verdict is Verdict.TOO_SMALL
    doubts = (not_enough(found),) if small else ()
    open_end = max(found.probability, 0.5) if small else float(expit(found.log_odds + _ODDS_DOUBT))
    return Measurement(
        id=measurement_id,
        value=found.probability,
        low=0.0 if small else float(expit(found.log_odds - _ODDS_DOUBT)),
        high=max(open_end, found.probability),
        unit=Unit.ONE,
        channel=channel,
        method=say(
            "By the peak of the spectrum above both of its sides in windows of a few seconds; {wrist}.", wrist=_WRIST
        ),
        doubts=doubts,
    )


def not_enough(found: Presence) -> str:
    """Say that there is too little movement to answer, how much there is, and what could have been answered."""
    return say(
        "Not enough tremor to answer: the largest movement at one rate is {times:.2g} times what the eye can "
        "see on a hand (at {largest_hz:.1f} Hz).",
        times=found.largest / found.least,
        largest_hz=found.largest_hz,
    )


def events_of(shown: SensorTremor) -> EventTrain:
    """Return the stretches of tremor; the peak is the largest amplitude of a window, at the middle of that window."""
    windows = shown.windows
    marked = windows.tremor & windows.judged if shown.tremor is not None else np.zeros_like(windows.tremor)
    runs, window_s = Runs.of(marked), np.float64(windows.window_s)
    top = runs.top(windows.amplitude)
    return EventTrain(
        kind=EventKind.TREMOR,
        channel=shown.sensor.name,
        at=(shown.sensor.channels[0].name,) * runs.first.size if len(shown.sensor.channels) > 1 else (),
        start_s=runs.first * window_s,
        end_s=runs.stop * window_s,
        peak_s=(top + 0.5) * window_s,
        peak=windows.amplitude[top],
        probability=1 - runs.joined(np.multiply, 1 - windows.probability),
    )


def _share(shown: SensorTremor) -> Measurement:
    """Return how much of the time holds a tremor; windows that agree with their neighbors count for less."""
    windows = shown.windows
    judged = windows.judged
    marked = windows.tremor[judged] if shown.tremor is not None else np.zeros(int(judged.sum()), dtype=np.bool_)
    share = float(marked.mean())
    runs = 1 + int(np.count_nonzero(marked[1:] != marked[:-1]))
    alike = share**2 + (1 - share) ** 2  # how often neighbors agree by chance
    together = 1 - (runs - 1) / max(marked.size - 1, 1)
    memory = min(max((together - alike) / max(1 - alike, 1e-9), 0.0), 0.95)
    effective = max(marked.size * (1 - memory) / (1 + memory), 1.0)
    low, high = share_interval(share * effective, effective)
    return Measurement(
        id="tremor_share",
        value=_PERCENT * share,
        low=_PERCENT * min(low, share),
        high=_PERCENT * max(high, share),
        unit=Unit.PERCENT,
        channel=shown.sensor.name,
        method=say(
            "Share of {count} windows of {window_s:.3g} s, each with and without a peak that stands out from both "
            "sides of its spectrum; {wrist}.",
            count=marked.size,
            window_s=windows.window_s,
            wrist=_WRIST,
        ),
    )


def _of_tremor(shown: SensorTremor, tremor: Tremor) -> Iterator[Measurement]:
    name, settings, kind = shown.sensor.name, shown.trace.settings, shown.sensor.kind
    rate = tremor.rate
    yield Measurement(
        id="tremor_frequency",
        value=rate.value,
        low=rate.low,
        high=rate.high,
        unit=Unit.HERTZ,
        channel=name,
        method=_RATE_METHOD if rate.one else _RATES_METHOD,
        doubts=() if rate.one else (_NOT_ONE_RATE,),
    )
    size = mean_of(tremor.narrow.square).root()
    yield from _sizes(tremor, size, kind, name)
    yield from _shape(tremor, name)
    yield from _stability(tremor, name, settings, shown.windows.window_s)


_RATE_METHOD = say("Highest point of the pooled and smoothed spectrum (Welch 1967) of the windows with tremor.")
_RATES_METHOD = say("Median over the windows with tremor of the frequency of the largest peak.")
_NOT_ONE_RATE = say("The windows with tremor do not have one rate, as where more than one rhythm is at work.")
_SIZE_IDS = {
    ChannelKind.ACCELERATION: "tremor_acceleration",
    ChannelKind.ANGULAR_VELOCITY: "tremor_angular_velocity",
    ChannelKind.ANGLE: "tremor_angle",
    ChannelKind.DISPLACEMENT: "tremor_displacement",
}
_PATHS = {
    ChannelKind.ACCELERATION: ("tremor_displacement", Unit.METER),
    ChannelKind.ANGULAR_VELOCITY: ("tremor_angle", Unit.RADIAN),
}


def _sizes(tremor: Tremor, size: Estimate, kind: ChannelKind, name: str) -> Iterator[Measurement]:
    method = say(
        "Root mean square in a band around the tremor's rate, over all axes of the sensor, in the windows with tremor."
    )
    yield _given(_SIZE_IDS[kind], size, UNITS[kind], name, method)
    yield _given(
        f"{_SIZE_IDS[kind]}_peak",
        mean_of(tremor.narrow.peak),
        UNITS[kind],
        name,
        say(
            "Mean over the windows with tremor of the largest size in a band around the tremor's rate, over all axes "
            "of the sensor."
        ),
    )
    if kind in _PATHS:
        measured, unit = _PATHS[kind]
        path = mean_of(tremor.narrow.path_square).root()
        method = say(
            "Root mean square in a band around the tremor's rate, over all axes of the sensor, integrated at each "
            "frequency of the band."
        )
        doubts = (_TURNS,) if kind is ChannelKind.ACCELERATION else ()
        yield _given(measured, path, unit, name, method, doubts)


def _shape(tremor: Tremor, name: str) -> Iterator[Measurement]:
    narrow = tremor.narrow
    overtones = harmonics(tremor.spectra, tremor.rate.value)
    method = say("Power at twice to four times the rate above that beside it, over the power at the rate itself.")
    yield _given("tremor_harmonic_share", overtones.share.times(_PERCENT), Unit.PERCENT, name, method)
    number = float(overtones.number)
    yield Measurement(
        id="tremor_harmonics",
        value=number,
        low=number,
        high=number,
        unit=Unit.COUNT,
        channel=name,
        method=say("Number of harmonics, of three looked for below 25 Hz, with four times the power beside them."),
    )
    width = tremor.rate.width_hz
    yield Measurement(
        id="tremor_peak_width",
        value=width,
        low=max(0.0, width - tremor.spectra.step_hz),
        high=width + tremor.spectra.step_hz,
        unit=Unit.HERTZ,
        channel=name,
        method=say(
            "Width of the peak at half its height, the resolution of 3 s taken off; good to a bin of the spectrum."
        ),
    )
    _, share = narrow.main_axis()
    spread = mean_of(narrow.main_share)
    share_of_axis = Estimate(share, min(spread.low, share), min(max(spread.high, share), 1.0)).times(_PERCENT)
    method = say(
        "Share of the mean square along the direction in which the tremor is largest, in the sensor's own axes."
    )
    yield _given("tremor_axis_share", share_of_axis, Unit.PERCENT, name, method)
    wave = waxing(narrow.square)
    if wave is not None:
        method = say("Standard deviation of the amplitude from window to window, as a share of its mean.")
        yield _given("tremor_waxing", wave.times(_PERCENT), Unit.PERCENT, name, method)


def _stability(tremor: Tremor, name: str, settings: TremorSettings, window_s: float) -> Iterator[Measurement]:
    regular = mean_of(np.maximum(tremor.narrow.regularity, 1e-6))
    method = say("Correlation of the tremor with itself five cycles later, 1 for a clock.")
    yield _given(
        "tremor_regularity", Estimate(regular.value, regular.low, min(regular.high, 1.0)), Unit.ONE, name, method
    )
    changes = tremor.narrow.change_hz
    changes = changes[np.isfinite(changes)]
    if changes.size < _FEWEST_CYCLES:
        return
    value, low, high = interquartile_of(changes)
    time_s = tremor.numbers.size * window_s
    doubts = [
        say(
            "The index parted two diseases in one group of patients and not in others; it is shown for comparison "
            "alone."
        )
    ]
    if time_s < settings.stability_time_s:
        doubts.append(
            say(
                "It was validated on {stability_time_s:g} s of tremor; here are {time_s:.3g} s.",
                stability_time_s=settings.stability_time_s,
                time_s=time_s,
            )
        )
    yield Measurement(
        id="tremor_stability_index",
        value=value,
        low=low,
        high=high,
        unit=Unit.HERTZ,
        channel=name,
        method=say(
            "Interquartile range of the change of the rate from cycle to cycle (tremor stability index, di "
            "Biase et al. 2017); published cut-off {stability_cutoff_hz:g}.",
            stability_cutoff_hz=settings.stability_cutoff_hz,
        ),
        doubts=tuple(doubts),
    )


_FEWEST_CYCLES = 20


def _given(
    measurement_id: str, value: Estimate, unit: Unit, channel: str, method: str, doubts: tuple[str, ...] = ()
) -> Measurement:
    return Measurement(
        id=measurement_id,
        value=value.value,
        low=value.low,
        high=value.high,
        unit=unit,
        channel=channel,
        method=method,
        doubts=doubts,
    )


def hand_acceleration(shown: SensorTremor) -> float:
    """Return the amplitude of a sensor's tremor as the acceleration of a hand in m/s2, to compare sensors by."""
    tremor = shown.tremor
    if tremor is None:
        return 0.0
    amplitude = np.array([np.sqrt(2 * tremor.narrow.square.mean())])
    rate, lever_m = np.array([tremor.rate.value]), shown.trace.settings.lever_m
    return float(as_acceleration(amplitude, rate, shown.sensor.kind, lever_m)[0])
