"""What measuring says to people can be told in another language: every sentence is a text, down to its last word.

One test reads the source, which finds sentences that no scene brings out. The others measure, and tell all that was
said in a language whose templates have no words: what is left then are numbers and what people named.
"""

import ast
import pickle
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.emg.describe.trains import potentials
from tests.measure.emg.rhythms.scenes import Canvas, contraction, fiber, train, tremor
from tests.measure.emg_scenes import Scene, make
from tests.measure.mechanics import twitch_scenes

from twitchwise import measure
from twitchwise.measure import RecordingMeasurements, measure_recording
from twitchwise.measure.clonus_or_tremor import with_doubts
from twitchwise.measure.emg.describe import describe
from twitchwise.measure.emg.describe.support import Setup, support
from twitchwise.measure.emg.quality import statements
from twitchwise.measure.emg.rhythms import ChannelTrace, find_other_activity
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.measure.mechanics import measure_twitches
from twitchwise.measure.results import ChannelQuality
from twitchwise.signals import ArraySource, Channel, EventTrain, Recording
from twitchwise.vocabulary import (
    ChannelKind,
    Electrode,
    EventKind,
    Measurement,
    OutOfRangeError,
    Unit,
    UnreadableRecordingError,
)
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import Text, told

ROOM = Path(measure.__file__).parent
FILES = sorted([*ROOM.glob("*.py"), *(file for part in ("emg", "mechanics") for file in (ROOM / part).rglob("*.py"))])

MAKES_TEXTS = {"say", "say_in", "say_many"}
FOR_PEOPLE = {"doubts", "method", "reason", "remarks", "statements", "summary", "warnings"}
"""Arguments that become sentences of a report."""


# ---- what stands in the source


def sentences_outside_of_say(source: str) -> list[str]:
    """Return the literals of two words or more, and the words given as a sentence, that no ``say`` holds.

    Docstrings, refusals of what a programmer gave and the values of enumerations are for no reader of a report. A
    refusal that becomes a warning is found by measuring, not here.
    """
    tree = ast.parse(source)
    left_out = {inner for node in ast.walk(tree) for outer in _not_for_people(node) for inner in ast.walk(outer)}
    given_to_people = {node for one in ast.walk(tree) for node in _given(one)}
    found = [node for node in ast.walk(tree) if node not in left_out and _is_said(node, least=2)]
    found += [node for node in given_to_people if node not in left_out and _is_said(node, least=1)]
    return sorted({f"line {node.lineno}: {ast.unparse(node)}" for node in found})  # type: ignore[attr-defined]


def _not_for_people(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in MAKES_TEXTS or name.startswith("require_"):
            yield node
        case ast.Raise(exc=ast.Call(args=[ast.Constant() | ast.JoinedStr()]) as refusal):
            yield refusal
        case ast.Expr(value=ast.Constant()):
            yield node
        case ast.ClassDef(bases=[ast.Name(id="StrEnum")]):
            yield node
        case ast.JoinedStr(values=values):
            yield from values  # judged as a whole
        case ast.FunctionDef(returns=ast.AST() as result):
            yield result
        case ast.arg(annotation=ast.AST() as kind):
            yield kind


def _given(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.keyword) and node.arg in FOR_PEOPLE:
        yield from ast.walk(node.value)


def _is_said(node: ast.AST, *, least: int) -> bool:
    """Tell whether a literal has so many words with spaces around them; of one with values in it one word is enough."""
    match node:
        case ast.Constant(value=str() as words):
            said = re.findall(r"(?<!\S)\W?[^\W\d_]{2,}(?:-[^\W\d_]+)*\W*(?!\S)", words)
            return len(said) >= least
        case ast.JoinedStr(values=values):
            fixed = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in values)
            return bool(re.search(r"(?<!\S)[^\W\d_]{2,}\W*(?!\S)", fixed)) and " " in fixed
    return False


@pytest.mark.no_cover  # it reads the program
@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOM)))
def test_no_sentence_stands_outside_of_say(file: Path) -> None:
    assert sentences_outside_of_say(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        'doubts = ("samples are clipped",)',
        'found.append(f"Only {count} were found.")',
        'Measurement(method="counted")',
        'Measurement(doubts=(*doubts, "clipped"))',
        'warnings = (f"{name!r} is too short",)',
        'yield "few" if few else "a short recording"',
    ],
)
def test_a_sentence_outside_of_say_is_seen(source: str) -> None:
    assert sentences_outside_of_say(source)


@pytest.mark.parametrize(
    "source",
    [
        'doubts = (say("samples are clipped"),)',
        '"""Return the doubts."""',
        'raise OutOfRangeError(f"samples must be finite, got {samples!r}.")',
        'Measurement(id=f"{kind.value}_rate", method=say("Counted."))',
        'class Other(StrEnum):\n    WILLED = "willed unit"',
        'def one(self) -> "dict[int, Fit] | None":\n    return None',
        'channel.start_s, "twitch_latency"',
    ],
)
def test_what_is_in_say_or_for_no_reader_is_left_alone(source: str) -> None:
    assert sentences_outside_of_say(source) == []


def broken_templates(source: str) -> list[str]:
    """Return the calls that make a text of anything but literals whose braces are just the values that are given."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    made = [(call, call.func.id) for call in calls if isinstance(call.func, ast.Name) and call.func.id in MAKES_TEXTS]
    return [f"line {call.lineno}: {ast.unparse(call)}" for call, name in made if not _is_whole(call, name)]


def _is_whole(call: ast.Call, name: str) -> bool:
    templates = [one.value if isinstance(one, ast.Constant) else None for one in call.args[name == "say_in" :]]
    given_names = {one.arg for one in call.keywords}
    if not all(isinstance(one, str) for one in templates) or None in given_names:
        return False
    needed = {field for one in templates for _, field, _, _ in string.Formatter().parse(str(one)) if field is not None}
    return needed - {"count"} == given_names - {"count"} if name == "say_many" else needed == given_names


@pytest.mark.no_cover  # it reads the program
@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOM)))
def test_every_template_is_a_literal_and_gets_its_values(file: Path) -> None:
    assert broken_templates(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    ['say(f"{count} of them")', "say(words)", 'say("a" + "b")', 'say("{count} of them", n=2)', 'say("one", count=1)'],
)
def test_a_template_that_no_catalog_can_hold_is_seen(source: str) -> None:
    assert broken_templates(source)


# ---- what measuring says


class Wordless:
    """A language whose templates are nothing but their braces, and whose numbers are the digit 0."""

    def sentence(self, context: str, one: str, many: str, count: int | None) -> str:
        """Return what stands in braces."""
        del context
        return " ".join(re.findall(r"\{[^{}]+\}", one if count in (None, 1) else many))

    def digits(self, english: str) -> str:
        """Return no number."""
        del english
        return "0"


def english_in(text: str, *names: str) -> list[str]:
    """Return the words that stay the same in any language; ``names`` are those that people gave."""
    left = told(text, Wordless())
    for name in names:
        left = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "", left)
    return re.findall(r"[^\W\d_]{2,}", left)


def require_all_said(sentences: list[str], *names: str) -> None:
    """Check that each sentence is a text without a word of its own."""
    for one in sentences:
        assert isinstance(one, Text), one
        assert english_in(one, *names) == [], one
        assert told(pickle.loads(pickle.dumps(one)), Wordless()) == told(one, Wordless())  # noqa: S301 - our own


def said_of(measurements: tuple[Measurement, ...]) -> list[str]:
    """Return method and doubts of measurements."""
    return [text for one in measurements for text in (one.method, *one.doubts)]


def said_in(found: RecordingMeasurements) -> list[str]:
    """Return every sentence of a measured recording."""
    of_channels = [text for one in found.quality for text in (*one.statements, one.reason) if text]
    measured = (*found.measurements, *(one for unit in found.units for one in unit.measurements))
    return [found.summary, *found.warnings, *said_of(measured), *of_channels]


@cache
def noise(seconds: float = 20.0) -> FloatArray:
    return np.random.default_rng(0).normal(scale=3e-6, size=round(seconds * 2000))


def channel(name: str, samples: FloatArray, kind: ChannelKind = ChannelKind.EMG, **more: object) -> Channel:
    given = {"unit": Unit.VOLT, "sampling_rate_hz": 2000.0, "electrode": Electrode.SURFACE, **more}
    return Channel(name=name, kind=kind, n_samples=samples.size, **given)  # type: ignore[arg-type]


def recording(*parts: tuple[Channel, FloatArray]) -> Recording:
    source = ArraySource([samples for _, samples in parts])
    return Recording(name="visit.edf", format="array", channels=tuple(one for one, _ in parts), source=source)


def poor() -> tuple[Recording, list[str]]:
    """Return fasciculations under hum, heartbeats and contractions, clipped and with a gap, in counts."""
    bursts = tuple((float(start), start + 7.0) for start in range(5, 35, 12))
    scene = Scene(duration_s=40.0, rate_per_min=60.0, bursts=bursts, mains_v=2e-5, ecg_v=1e-4)
    samples = np.clip(make(scene)[0].read("calf"), -1e-4, 1e-4)
    samples[4000:6000] = np.nan
    samples[[9000, 9100]] = 1.0
    return recording((channel("calf", samples, unit=Unit.COUNT, electrode=Electrode.UNKNOWN), samples)), [
        "active most of the time",
        "the file does not give volts",
        "the file does not tell what touches the muscle",
    ]


def slow() -> tuple[Recording, list[str]]:
    """Return a short recording that is sampled slowly, and channels that cannot be used beside it."""
    samples = make(Scene(duration_s=30.0, sampling_rate_hz=400.0, snr=60.0))[0].read("calf")
    dead, few = np.zeros(40_000), np.ones(100)
    return recording(
        (channel("calf", samples, sampling_rate_hz=400.0), samples),
        (channel("dead", dead), dead),
        (channel("grip", few, ChannelKind.FORCE, unit=Unit.NEWTON), few),
        (channel("knee", few, ChannelKind.ANGLE, unit=Unit.RADIAN), few),
        (channel("arm", few, ChannelKind.OTHER, unit=Unit.UNKNOWN), few),
    ), ["too little rest to lean on", "sampled too slowly, so that small potentials are missed"]


def unnamed() -> tuple[Recording, list[str]]:
    """Return quiet channels that are taken for one array."""
    parts = [noise(8.0) + 1e-9 * number for number in range(16)]
    return recording(*((channel(f"E{number}", one), one) for number, one in enumerate(parts))), []


def few_electrodes() -> tuple[Recording, list[str]]:
    """Return an array whose contractions cannot be taken apart."""
    bursts = ((5.0, 9.0), (14.0, 18.0))
    scenes = (Scene(duration_s=20.0, rate_per_min=0.0, bursts=bursts, seed=number) for number in range(4))
    parts = [make(scene)[0].read("calf") for scene in scenes]
    return recording(*((channel(f"grid {n}", one, array="grid"), one) for n, one in enumerate(parts))), []


@pytest.mark.parametrize("scene", [poor, slow, unnamed, few_electrodes])
def test_all_that_is_said_of_a_recording_can_be_told_in_another_language(
    scene: Callable[[], tuple[Recording, list[str]]],
) -> None:
    given_one, doubts = scene()
    found = measure_recording(given_one, discharges=scene is few_electrodes)
    assert set(doubts) <= set(said_in(found))
    require_all_said(said_in(found), *(one.name for one in given_one.channels), "grid", "visit.edf")


@pytest.mark.parametrize("electrode", list(Electrode))
@pytest.mark.parametrize("unit", [Unit.VOLT, Unit.COUNT])
def test_all_that_is_said_of_sorted_potentials_can_be_told_in_another_language(
    electrode: Electrode, unit: Unit
) -> None:
    rng = np.random.default_rng(1)
    times = np.sort(rng.uniform(1.0, 599.0, 120))
    times = np.concatenate([times, times[:40] + 0.03, times[40:60] + 0.01])
    units = np.concatenate([rng.integers(0, 4, 120), np.ones(40), np.full(20, 2)]).astype(np.int64)
    found = describe(potentials(times, units, electrode=electrode, amplitude_unit=unit, mapped=True))
    said = said_of((*found.measurements, *(one for unit in found.units for one in unit.measurements)))
    assert len(set(said)) > 20
    require_all_said(said)


@pytest.mark.parametrize("electrode", list(Electrode))
def test_all_that_is_said_of_other_activity_can_be_told_in_another_language(electrode: Electrode) -> None:
    rate_hz = 10_000.0 if electrode is Electrode.NEEDLE else 2000.0
    canvas = Canvas(duration_s=20.0, rate_hz=rate_hz)
    canvas.add(fiber(), train(5.0, 0.5, 9.0, 0.03, canvas.rng), 1.2e-4)
    canvas.add(fiber(), train(60.0, 9.5, 10.5, 0.0001, canvas.rng), 2e-4)
    tremor(canvas, 5.0, 11.0, 16.0)
    contraction(canvas, 16.5, 19.0)
    trace = ChannelTrace.of_samples(canvas.samples, rate_hz, channel="calf", electrode=electrode)
    found = find_other_activity(trace)
    assert found.statements or found.measurements
    require_all_said([*found.statements, *said_of(found.measurements)], "calf")


@pytest.mark.parametrize("kind", list(twitch_scenes.UNITS)[:4])
@pytest.mark.parametrize(("noise", "n_events"), [(0.1, 1), (0.1, 6), (20.0, 24)])
def test_all_that_is_said_of_twitches_can_be_told_in_another_language(
    kind: ChannelKind, noise: float, n_events: int
) -> None:
    given_one, events, rest = twitch_scenes.make(twitch_scenes.Scene(kind=kind, noise=noise, n_events=n_events))
    found = measure_twitches(given_one, replace(events, unit=np.zeros(len(events), dtype=np.int64)), rest)
    of_channels = [text for one in found.channels for text in (*one.statements, one.reason) if text]
    assert [*found.warnings, *of_channels, *found.measurements]
    require_all_said([*found.warnings, *of_channels, *said_of(found.measurements)])


def test_a_tremor_that_may_be_clonus_is_doubted_in_any_language() -> None:
    start_s, end_s = np.array([2.0]), np.array([9.0])
    trains = tuple(
        EventTrain(kind=kind, channel="foot", start_s=start_s, peak_s=start_s, end_s=end_s, peak=np.ones(1))
        for kind in (EventKind.TREMOR, EventKind.CLONUS)
    )
    rates = tuple(
        Measurement(id=name, value=6.0, low=5.5, high=6.5, unit=Unit.HERTZ, method="", channel="foot")
        for name in ("tremor_frequency", "clonus_frequency")
    )
    whole = replace(rates[0], id="tremor_probability", channel=None)
    given_one = RecordingMeasurements(measurements=(*rates, whole), events=trains, quality=(), rest={})
    (found,) = with_doubts([given_one])
    doubts = [doubt for one in found.measurements for doubt in one.doubts]
    assert doubts
    require_all_said([found.summary, *doubts], "foot")


def setup(*, placed: bool, channels: int, **more: object) -> Setup:
    return Setup(channels=channels, placed=channels if placed else 0, **more)  # type: ignore[arg-type]


SETUPS = st.builds(
    setup,
    placed=st.booleans(),
    channels=st.sampled_from([1, 2, 64]),
    sampling_rate_hz=st.floats(1.0, 50_000.0),
    rest_s=st.floats(1.0, 1e5),
    unit=st.sampled_from([Unit.VOLT, Unit.COUNT]),
    electrode=st.sampled_from(Electrode),
    noise_rms=st.none() | st.floats(1e-7, 1e-4),
    step=st.none() | st.floats(1e-9, 1e-3),
)


@given(setup=SETUPS)
def test_what_a_recording_can_support_can_be_told_in_another_language(setup: Setup) -> None:
    said = list(support(setup))
    assert said
    require_all_said(said)


SHARES = st.just(0.0) | st.floats(1e-6, 1.0)
QUALITIES = st.builds(
    ChannelQuality,
    channel=st.just("calf"),
    sampling_rate_hz=st.floats(200.0, 20_000.0),
    duration_s=st.just(100.0),
    usable=st.booleans(),
    unit=st.sampled_from([Unit.VOLT, Unit.COUNT]),
    clipped_share=SHARES,
    flat_share=SHARES,
    missing_share=SHARES,
    mains_share=SHARES,
    mains_hz=st.none() | st.floats(45.0, 65.0),
)


@given(quality=QUALITIES, rest_s=st.floats(0.0, 1e4))
def test_what_a_channel_can_support_can_be_told_in_another_language(quality: ChannelQuality, rest_s: float) -> None:
    require_all_said(list(statements(quality, rest_s, emg_settings())))


@pytest.mark.parametrize(
    ("one", "samples"),
    [
        (channel("calf", noise(), unit=Unit.NEWTON), noise()),
        (channel("calf", noise(), sampling_rate_hz=5.0), noise()),
        (channel("calf", np.zeros(9000)), np.zeros(9000)),
        (channel("calf", np.full(9000, np.nan)), np.full(9000, np.nan)),
        (channel("calf", noise(0.1)), noise(0.1)),
        (channel("calf", noise(), ChannelKind.ECG), noise()),
    ],
)
def test_a_recording_is_refused_with_a_sentence_for_any_language(one: Channel, samples: FloatArray) -> None:
    with pytest.raises((OutOfRangeError, UnreadableRecordingError)) as refused:
        measure_recording(recording((one, samples)))
    require_all_said([refused.value.args[0]], "calf", "visit.edf", Unit.NEWTON.value)
