"""The fields of the program's JSON, which other programs rely on: fields may be added, never renamed or removed."""

import json
from typing import Any, Literal

import msgspec


class Out(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every part of the contract; the order of fields is the order in the JSON."""


class Estimate(Out, frozen=True, kw_only=True):
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


class SourceOut(Out, frozen=True, kw_only=True):
    """Where a statement comes from."""

    id: str
    title: str
    url: str | None
    doi: str | None


class UrgencyReasonOut(Out, frozen=True, kw_only=True):
    """One rule that applied; ``source`` is the id of the first of ``sources``."""

    rule: str
    because: str
    source: str | None
    label: str
    level: str
    findings: list[str]
    differs_from: list[str]
    sources: list[SourceOut]


class UrgencyOut(Out, frozen=True, kw_only=True):
    """How soon to seek help, by rules: emergency, same_day, soon, routine or self_care."""

    level: str
    reasons: list[UrgencyReasonOut]


class CauseReasonOut(Out, frozen=True, kw_only=True):
    """What one finding does to one cause; ``weight`` is the likelihood ratio as used."""

    finding: str
    state: str
    weight: Estimate
    counted: bool
    because: str
    sources: list[SourceOut]


class CauseOut(Out, frozen=True, kw_only=True):
    """A possible cause."""

    id: str
    label: str
    probability: Estimate
    reasons: list[CauseReasonOut]
    kind: str
    on_its_own: Estimate


class NotCoveredOut(Out, frozen=True, kw_only=True):
    """The chance that it is something the program does not describe."""

    probability: Estimate
    because: str


class SeparationOut(Out, frozen=True, kw_only=True):
    """Whether a leading cause stands out; where not, ``leading`` are the causes that share half of the probability."""

    decided: bool
    leading: list[str]
    together: list[str]
    because: str


class WouldChangeOut(Out, frozen=True, kw_only=True):
    """A finding that would call for help sooner."""

    finding: str
    level: str
    rule: str
    because: str


class ForTheDoctorOut(Out, frozen=True, kw_only=True):
    """Findings worth telling: those that are there, and warning signs that are not."""

    present: list[str]
    absent: list[str]


class MeasurementOut(Out, frozen=True, kw_only=True):
    """A measured quantity; ``low`` and ``high`` are the ends of its 95 % interval."""

    id: str
    value: float
    unit: str
    low: float
    high: float
    channel: str | None
    method: str
    doubts: list[str]
    recording: str | None


class CaseOut(Out, frozen=True, kw_only=True):
    """What was known: findings by id as present, absent or a number, answered or measured."""

    setting: str
    age_years: float | None
    sex: str | None
    findings: dict[str, str | float]


class CheckOut(Out, frozen=True, kw_only=True):
    """What ``twitchwise check --json`` prints."""

    urgency: UrgencyOut
    causes: list[CauseOut]
    not_covered: NotCoveredOut
    not_assessed: list[str]
    emergency_signs_not_asked: list[str]
    measurements: list[MeasurementOut]
    warnings: list[str]
    case: CaseOut
    knowledge_digest: str
    review: Literal["draft", "reviewed"]
    version: str
    notice: str
    contributors: list[CauseOut]
    separation: SeparationOut
    would_change: list[WouldChangeOut]
    for_the_doctor: ForTheDoctorOut


class ChannelOut(Out, frozen=True, kw_only=True):
    """One channel of a recording."""

    name: str
    kind: str
    unit: str
    sampling_rate_hz: float
    n_samples: int
    electrode: str
    site: str | None
    side: str | None


class RecordingOut(Out, frozen=True, kw_only=True):
    """A recording without its samples; ``start`` is in ISO 8601, ``notes`` are what the reader found out by itself."""

    name: str
    format: str
    duration_s: float
    start: str | None
    channels: list[ChannelOut]
    notes: list[str]


class EventOut(Out, frozen=True, kw_only=True):
    """One event, with its peak in ``peak_unit``, and in volts where that is its unit.

    ``unit`` is the number of its source, as text, ``place_px`` where in a picture it was, x and y from the upper left.
    """

    kind: str
    channel: str
    start_s: float
    peak_s: float
    end_s: float
    peak_v: float | None
    peak: float
    peak_unit: str
    unit: str | None
    probability: float
    place_px: list[float] | None


class QualityOut(Out, frozen=True, kw_only=True):
    """What one channel can support: shares of samples from 0 to 1, and its rest as start and stop in seconds."""

    usable: bool
    reason: str
    sampling_rate_hz: float
    duration_s: float
    unit: str
    noise_rms: float | None
    drift: float | None
    clipped_share: float
    flat_share: float
    missing_share: float
    mains_share: float
    mains_hz: float | None
    rest_s: float | None
    rest: list[tuple[float, float]] | None
    statements: list[str]


class UnitOut(Out, frozen=True, kw_only=True):
    """One unit that fasciculated: on which channel or array, how often, what it is like, and where, x and y in m."""

    channel: str
    unit: str
    discharges: int
    fasciculations: int
    measurements: list[MeasurementOut]
    place_m: tuple[float, float] | None
    place_error_m: tuple[float, float] | None
    territory_m2: float | None


class PublishedRangeOut(Out, frozen=True, kw_only=True):
    """What others measured of a quantity, in a muscle and a group of people, and what it cannot tell.

    ``channel`` and ``quantity`` name the measurement that it stands beside. ``middle``, ``low`` and ``high`` are in
    ``unit``, ``kind`` says what the middle is and ``ends`` what the two ends are; with ``relative_to`` they are
    multiples of what that group has. ``caveat`` belongs beside the numbers wherever they are shown.
    """

    channel: str
    quantity: str
    label: str
    muscle: str | None
    population: str
    electrode: str | None
    unit: str
    middle: float | None
    kind: str | None
    low: float | None
    high: float | None
    ends: str | None
    relative_to: str | None
    people: int | None
    recorded: str
    caveat: str
    sources: list[SourceOut]


class MeasureOut(Out, frozen=True, kw_only=True):
    """What ``twitchwise measure --json`` prints; ``quality`` is by channel, ``discharges`` empty unless asked for.

    ``support`` says by channel or array what the recording can bear and what not; ``published_ranges`` is empty unless
    the muscle is known.
    """

    recording: RecordingOut
    quality: dict[str, QualityOut]
    measurements: list[MeasurementOut]
    events: list[EventOut]
    discharges: list[EventOut]
    units: list[UnitOut]
    warnings: list[str]
    summary: str
    version: str
    notice: str
    support: dict[str, list[str]]
    published_ranges: list[PublishedRangeOut]


class TwitchOut(Out, frozen=True, kw_only=True):
    """One motor unit's twitch in its four numbers."""

    latent_period_s: float
    contraction_time_s: float
    half_relaxation_time_s: float
    peak_force_n: float


class MotorUnitOut(Out, frozen=True, kw_only=True):
    """One motor unit in health: threshold as a share of the maximal drive, twitch, velocities, fibers."""

    unit: int
    recruitment_threshold: float
    peak_force_n: float
    contraction_time_s: float
    half_relaxation_time_s: float
    latent_period_s: float
    twitch_tetanus_ratio: float
    fiber_velocity_mps: float
    axon_velocity_mps: float
    n_fibers: int


class DischargeOut(Out, frozen=True, kw_only=True):
    """All discharges of one motor unit of one kind in seconds; ``pool`` names the muscle as its EMG channel."""

    pool: str
    unit: int
    kind: str
    times_s: list[float]


class SimulateOut(Out, frozen=True, kw_only=True):
    """What ``twitchwise simulate --json`` prints; ``parameters`` are in the units of their files."""

    condition: str
    severity: float
    scene: str
    muscle: str | None
    seed: int
    duration_s: float
    recording: RecordingOut
    twitch: TwitchOut
    healthy_twitch: TwitchOut
    events: list[EventOut]
    units: list[MotorUnitOut]
    discharges: list[DischargeOut]
    parameters: dict[str, float]
    files: list[str]
    seconds: dict[str, float]
    warnings: list[str]
    version: str
    notice: str


class SimulatedSubjectOut(Out, frozen=True, kw_only=True):
    """One person of a simulated data set; ``events`` are numbers by kind."""

    label: str
    seed: int
    n_discharges: int
    events: dict[str, int]


class SimulateSetOut(Out, frozen=True, kw_only=True):
    """What ``twitchwise simulate --subjects N -o FOLDER --json`` prints; the truth lies in files of the data set."""

    condition: str
    severity: float
    folder: str
    subjects: list[SimulatedSubjectOut]
    files: list[str]
    seconds: dict[str, float]
    version: str
    notice: str


class RateOut(Estimate, frozen=True, kw_only=True):
    """The greatest rate of fasciculation potentials of a recording a minute, with its 95 % interval and its channel."""

    channel: str | None
    doubts: list[str]


class MeasuredRecordingOut(Out, frozen=True, kw_only=True):
    """What became of one recording of a folder.

    ``state`` is measured, kept (from an earlier run) or refused, with the reason in ``refusal``. ``rest_s`` is the rest
    of the channel of the rate, or the longest; ``result`` is all that was measured, where ``files`` do not hold it.
    """

    name: str
    state: str
    refusal: str
    duration_s: float | None
    rest_s: float | None
    rate: RateOut | None
    units: float | None
    events: dict[str, int]
    doubts: list[str]
    warnings: list[str]
    files: list[str]
    seconds: float
    result: dict[str, Any] | None
    summary: str = ""


class MeasureSetOut(Out, frozen=True, kw_only=True):
    """What ``twitchwise measure FOLDER --json`` prints; ``complete`` is false after an interruption."""

    folder: str
    output: str | None
    complete: bool
    recordings: list[MeasuredRecordingOut]
    version: str
    notice: str


def schemas() -> dict[str, str]:
    """Return the JSON Schema of every result by its command, as ``docs/reference/<command>.schema.json`` holds it."""
    results = {
        "check": CheckOut,
        "measure": MeasureOut,
        "measure_set": MeasureSetOut,
        "simulate": SimulateOut,
        "simulate_set": SimulateSetOut,
    }
    return {name: json.dumps(msgspec.json.schema(result), indent=2) + "\n" for name, result in results.items()}
