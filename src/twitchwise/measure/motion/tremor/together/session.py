"""Several recordings of one tremor, each with the part that it plays, and what they show together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace

from twitchwise.measure.asked import Asked
from twitchwise.measure.motion.tremor.one_sensor import SensorTremor
from twitchwise.measure.motion.tremor.recording import measure_tremor, sensors_looked_at, strongest
from twitchwise.measure.motion.tremor.settings import TremorSettings, tremor_settings
from twitchwise.measure.motion.tremor.together.ballistic import ballistic
from twitchwise.measure.motion.tremor.together.battery import BatteryItem, said_of_battery
from twitchwise.measure.motion.tremor.together.coherence import Coherence, coherence, measured
from twitchwise.measure.motion.tremor.together.differences import paired, size_change
from twitchwise.measure.motion.tremor.together.loading import loading, said_of_loading
from twitchwise.measure.motion.tremor.together.tapping import tapping
from twitchwise.measure.motion.tremor.together.visits import said_of_visits, visit_changes
from twitchwise.measure.motion.tremor.two_sides import side_difference
from twitchwise.measure.results import RecordingMeasurements
from twitchwise.signals import Recording
from twitchwise.signals.one_thread import one_thread
from twitchwise.vocabulary import Measurement, OutOfRangeError, Side, Task
from twitchwise.vocabulary.checks import require_positive

_TASKS = {
    "rest": Task.REST,
    "posture": Task.POSTURE,
    "action": Task.ACTION,
    "standing": Task.STANDING,
    "loaded": Task.POSTURE,
}
_SIDES = {"left": Side.LEFT, "right": Side.RIGHT}
_TAPS_HZ = {"tap_1": 1.0, "tap_3": 3.0, "tap_5": 5.0}


@dataclass(frozen=True, kw_only=True, slots=True)
class TremorRecordings:
    """The recordings of a session by the part that each plays; whatever was not recorded is left out.

    Parameters
    ----------
    rest, posture, action, standing
        By what the person did.
    loaded, load_kg
        The posture with a load, and its mass in kg.
    left, right
        Both sides at the same time.
    second_sensor
        A second sensor at the same time as ``posture``, or ``rest`` where there is no posture.
    before, after
        Two visits.
    tap_1, tap_3, tap_5
        While the other hand taps at 1, 3 and 5 Hz.
    ballistic
        While the other hand makes quick movements.

    Raises
    ------
    OutOfRangeError
        If there is none, or only one of what can only be compared, or the load is not above 0.
    """

    rest: Recording | None = None
    posture: Recording | None = None
    action: Recording | None = None
    standing: Recording | None = None
    loaded: Recording | None = None
    load_kg: float | None = None
    left: Recording | None = None
    right: Recording | None = None
    second_sensor: Recording | None = None
    before: Recording | None = None
    after: Recording | None = None
    tap_1: Recording | None = None
    tap_3: Recording | None = None
    tap_5: Recording | None = None
    ballistic: Recording | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be compared."""
        if self.load_kg is not None:
            require_positive("load in kg", self.load_kg)
        if not self.by_part():
            raise OutOfRangeError("recordings of a tremor must be at least one, got none.")
        for one, other in (("left", "right"), ("right", "left"), ("before", "after"), ("after", "before")):
            if getattr(self, one) is not None and getattr(self, other) is None:
                raise OutOfRangeError(f"{one} must come with {other}, got {one} alone.")
        if self.loaded is not None and self.posture is None:
            raise OutOfRangeError("loaded must come with the same posture without a load, got loaded alone.")

    def by_part(self) -> dict[str, Recording]:
        """Return the recordings that there are, by the name of their part."""
        given = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "load_kg"}
        return {name: recording for name, recording in given.items() if recording is not None}


@dataclass(frozen=True, kw_only=True, eq=False)
class TremorComparison:
    """What several recordings show together.

    Parameters
    ----------
    recordings
        What each shows by itself, by its part.
    measurements
        Comparisons, each with its interval.
    battery
        The ten items of the battery for functional tremor, with points where they were recorded; empty unless there is
        a recording of tapping or quick movements.
    statements
        What it means, one sentence each; never that a person has a disease.
    """

    recordings: Mapping[str, RecordingMeasurements]
    measurements: tuple[Measurement, ...]
    battery: tuple[BatteryItem, ...] = ()
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """The sensors of each part, and what was come to."""

    shown: Mapping[str, tuple[SensorTremor, ...]]
    settings: TremorSettings
    measurements: list[Measurement] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)


@one_thread()
def compare_tremor(
    recordings: TremorRecordings, *, site: str | None = None, side: Side | None = None
) -> TremorComparison:
    """Measure tremor in several recordings and compare them.

    Parameters
    ----------
    recordings
        By the part that each plays.
    site, side
        Where the sensor was, as far as the files do not say; ``left`` and ``right`` say so themselves.

    Raises
    ------
    UnreadableRecordingError
        If a recording has no motion sensor that can be judged.
    """
    parts = recordings.by_part()
    asked = {name: _asked(name, site, side) for name in parts}
    results = {name: _measured(name, recording, asked[name]) for name, recording in parts.items()}
    shown = {name: sensors_looked_at(recording, asked[name]) for name, recording in parts.items()}
    found = _Found(shown=shown, settings=tremor_settings())
    _tasks(found)
    _load(found, recordings.load_kg)
    together = _sides(found)
    _visits(found)
    battery = tuple(_battery(found, together)) if _has_battery(shown) else ()
    if battery:
        found.statements.append(said_of_battery(battery, found.settings))
    return TremorComparison(
        recordings=results,
        measurements=tuple(found.measurements),
        battery=battery,
        statements=tuple(found.statements),
    )


def _asked(name: str, site: str | None, side: Side | None) -> Asked:
    return Asked(task=_TASKS.get(name), site=site, side=_SIDES.get(name, side))


def _measured(name: str, recording: Recording, asked: Asked) -> RecordingMeasurements:
    result = measure_tremor(recording, asked, lambda _: None)
    if result is None:
        raise OutOfRangeError(f"{name} must hold a motion sensor, got {recording.name!r} without one.")
    return replace(result, warnings=(*recording.warnings, *result.warnings))


def _tasks(found: _Found) -> None:
    """Compare rest with posture and posture with action."""
    for one, other in (("rest", "posture"), ("posture", "action")):
        pair = paired(found.shown.get(one, ()), found.shown.get(other, ()))
        if pair is None or (pair.first.tremor is None and pair.second.tremor is None):
            continue
        change = size_change(pair)
        larger = one if change.high < 0 else other if change.low > 0 else "neither surely"
        found.statements.append(
            f"From {one} to {other} the amplitude changes by {change.value:+.0f} % ({change.low:+.0f} to "
            f"{change.high:+.0f}); larger in {larger}."
        )


def _load(found: _Found, load_kg: float | None) -> None:
    pair = paired(found.shown.get("posture", ()), found.shown.get("loaded", ()))
    if pair is not None:
        found.measurements.extend(loading(pair, load_kg, found.settings))
        found.statements.append(said_of_loading(pair, found.settings))


def _sides(found: _Found) -> Coherence | str:
    """Compare both sides, or a tremor with a second sensor."""
    if "left" in found.shown:
        pair = paired(found.shown["left"], found.shown["right"])
        if pair is not None:
            difference = side_difference(pair.first, pair.second)
            found.measurements.extend([] if difference is None else [difference])
    elif "second_sensor" in found.shown:
        first = found.shown.get("posture") or found.shown.get("rest") or ()
        pair = paired(first, found.shown["second_sensor"])
    else:
        return "Two sensors at the same time were not recorded."
    if pair is None:
        return "The two sensors measure different quantities."
    together = coherence(pair.first, pair.second, found.settings)
    if isinstance(together, str):
        found.statements.append(together)
    else:
        found.measurements.extend(measured(together))
        said = "hang together" if together.significant else "do not hang together beyond chance"
        found.statements.append(
            f"At {together.frequency_hz:.1f} Hz both sensors {said} (coherence {together.value:.2f}, limit "
            f"{together.limit:.2f})."
        )
    return together


def _visits(found: _Found) -> None:
    pair = paired(found.shown.get("before", ()), found.shown.get("after", ()))
    if pair is not None:
        found.measurements.extend(visit_changes(pair, found.settings))
        found.statements.extend(said_of_visits(pair, found.settings))


def _has_battery(shown: Mapping[str, tuple[SensorTremor, ...]]) -> bool:
    return any(name in shown for name in (*_TAPS_HZ, "ballistic"))


def _battery(found: _Found, together: Coherence | str) -> Iterator[BatteryItem]:
    shown, settings = found.shown, found.settings
    usual = shown.get("posture") or shown.get("rest") or shown.get("action") or ()
    base = strongest(usual) if usual else None
    for name, rate_hz in _TAPS_HZ.items():
        yield from _tapping_items(base, shown.get(name, ()), rate_hz, settings)
    if base is None or not shown.get("ballistic"):
        yield BatteryItem(name="pause in quick movements of the other hand", point=None, said="Not recorded.")
    else:
        point, said = ballistic(shown["ballistic"], base, settings)
        yield BatteryItem(name="pause in quick movements of the other hand", point=point, said=said)
    unknown = isinstance(together, str)
    said = together if isinstance(together, str) else f"Coherence {together.value:.2f}, limit {together.limit:.2f}."
    point = None if isinstance(together, str) or unknown else int(together.significant)
    yield BatteryItem(name="coherence of both sides", point=point, said=said)
    yield _grows_with_load(found)
    yield BatteryItem(name="tonic co-activation at the onset", point=None, said="Needs EMG of both muscles.")


def _tapping_items(
    base: SensorTremor | None, during: tuple[SensorTremor, ...], rate_hz: float, settings: TremorSettings
) -> Iterator[BatteryItem]:
    names = f"wrong tapping at {rate_hz:g} Hz", f"entrainment, suppression or shift at {rate_hz:g} Hz"
    if base is None or not during:
        yield from (BatteryItem(name=name, point=None, said="Not recorded.") for name in names)
        return
    found = tapping(base, during, rate_hz, settings)
    yield BatteryItem(name=names[0], point=found.performance, said=found.performed)
    yield BatteryItem(name=names[1], point=found.entrained, said=found.reacted)


def _grows_with_load(found: _Found) -> BatteryItem:
    name = "larger amplitude with a load"
    pair = paired(found.shown.get("posture", ()), found.shown.get("loaded", ()))
    if pair is None or pair.first.tremor is None:
        return BatteryItem(name=name, point=None, said="Not recorded, or no tremor without a load.")
    change = size_change(pair)
    return BatteryItem(name=name, point=int(change.low > 0), said=f"The amplitude changes by {change.value:+.0f} %.")
