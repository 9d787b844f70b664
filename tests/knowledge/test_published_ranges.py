"""A published range stands as its source gives it, belongs to a measured quantity, and says what it cannot tell."""

from pathlib import Path

import pytest

from twitchwise.knowledge import Library, library
from twitchwise.knowledge.coverage import coverage_of
from twitchwise.knowledge.laws import broken_laws
from twitchwise.knowledge.schema import MEASURED_QUANTITIES, RATE_ALONE, PublishedRange
from twitchwise.vocabulary import KnowledgeError, OutOfRangeError, Unit

RANGE = """\
id: rate_calf
label: Rate in the calf
quantity: fasciculation_rate
muscle: calf
population: healthy
electrode: surface
unit: 1/min
scale: 60
figures: {middle: 0.28, kind: mean, sd: 0.1, interquartile: [0.2, 0.3], range: [0.1, 0.9]}
recorded: Two minutes at rest.
cannot_tell: It was measured in very few people, all of them rested.
evidence:
  - {source: example_2020, locator: abstract, quote: "0.28 +/- 0.1 (0.2 to 0.3, range 0.1 to 0.9)", because: gives them}
review: {state: draft}
"""


@pytest.fixture
def range_file(small_folder: Path) -> Path:
    """A sound range in the small set."""
    file = small_folder / "ranges" / "rate_calf.yaml"
    file.parent.mkdir()
    file.write_text(RANGE.replace("because: gives them", "because: gives all of them"), encoding="utf-8")
    return file


def _changed(file: Path, old: str, new: str) -> Library:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return Library(file.parents[1])


def test_a_sound_range_breaks_no_law(range_file: Path) -> None:
    assert broken_laws(Library(range_file.parents[1])) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("muscle: calf", "muscle: wing", "muscle must exist, got 'wing'"),
        ("middle: 0.28", "middle: 0.29", "[0.29] are not there"),
        ("source: example_2020", "source: nobody_1900", "source must exist"),
    ],
)
def test_a_breach_of_a_range_is_found(range_file: Path, old: str, new: str, said: str) -> None:
    breaches = [str(breach) for breach in broken_laws(_changed(range_file, old, new))]
    assert any(said in breach for breach in breaches), breaches


def test_a_range_needs_sources_that_were_opened(range_file: Path) -> None:
    source = range_file.parents[1] / "sources" / "example_2020.yaml"
    known = _changed(source, "read: abstract\nread_on: 2026-11-22", "read: not_opened")
    assert any("a range must rest on sources that were opened" in str(breach) for breach in broken_laws(known))


def test_vague_words_are_no_numbers_but_number_words_are(range_file: Path) -> None:
    language = range_file.parents[1] / "language" / "en.yaml"
    language.parent.mkdir(exist_ok=True)
    shipped = library().folder / "language"
    text = (shipped / "english.yaml").read_text(encoding="utf-8")
    language.with_stem(next(iter(library().languages))).write_text(text, encoding="utf-8")
    figures = "{middle: 0.28, kind: mean, sd: 0.1, interquartile: [0.2, 0.3], range: [0.1, 0.9]}"
    known = _changed(range_file, figures, "{at_most: 4}")
    assert any("[4.0] are not there" in str(breach) for breach in broken_laws(known))
    quote = "0.28 +/- 0.1 (0.2 to 0.3, range 0.1 to 0.9)"
    assert any("[4.0] are" in str(breach) for breach in broken_laws(_changed(range_file, quote, "several a minute")))
    assert broken_laws(_changed(range_file, "several a minute", "four a minute")) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("quantity: fasciculation_rate", "quantity: charm", "quantity must be one of fasciculation_rate"),
        ("unit: 1/min", "unit: Hz", "unit of fasciculation_rate must be '1/min' here, got 'Hz'"),
        (", kind: mean", "", "must say its kind"),
        ("kind: mean", "kind: median", "beside a mean"),
        ("kind: mean", "kind: times", "beside a mean"),
        ("kind: mean, sd: 0.1", "kind: times", "must give relative_to"),
        ("middle: 0.28, kind: mean, sd: 0.1, interquartile: [0.2, 0.3], range: [0.1, 0.9]", "", "must give a middle"),
        ("range: [0.1, 0.9]", "range: [0.3, 0.9]", "must rise and hold the middle"),
        ("range: [0.1, 0.9]", "range: [0.9, 0.1]", "must rise and hold the middle"),
        ("interquartile: [0.2, 0.3], range: [0.1, 0.9]", "at_most: 1", "must give a middle"),
        ("locator: abstract, ", "", "its locator and its quote"),
        ("all of them rested.", "all of them rested", "cannot_tell"),
        ("population: healthy", "population: martians", "martians"),
    ],
)
def test_a_range_that_cannot_be_is_refused(range_file: Path, old: str, new: str, said: str) -> None:
    _changed(range_file, old, new)
    with pytest.raises(KnowledgeError) as caught:
        _ = Library(range_file.parents[1]).ranges
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("figures", "middle", "span"),
    [
        ("{middle: 0.28, kind: mean, sd: 0.1, range: [0.1, 0.9]}", 16.8, (6.0, 54.0, "whole range")),
        ("{middle: 0.28, kind: median, interquartile: [0.2, 0.3]}", 16.8, (12.0, 18.0, "middle half")),
        ("{middle: 0.28, kind: mean, sd: 0.1}", 16.8, (10.8, 22.8, "mean plus and minus one standard deviation")),
        ("{middle: 0.28, kind: mean, standard_error: 0.1}", 16.8, None),
        ("{at_most: 0.9}", None, (0.0, 54.0, "never more than")),
        ("{range: [0.1, 0.9]}", None, (6.0, 54.0, "whole range")),
    ],
)
def test_a_range_gives_its_middle_and_ends_in_its_unit(
    range_file: Path, figures: str, middle: float | None, span: tuple[float, float, str] | None
) -> None:
    whole = "{middle: 0.28, kind: mean, sd: 0.1, interquartile: [0.2, 0.3], range: [0.1, 0.9]}"
    one = _changed(range_file, whole, figures).ranges["rate_calf"]
    assert one.middle == (None if middle is None else pytest.approx(middle))
    assert (one.span is None) == (span is None)
    if one.span is not None and span is not None:
        assert (one.span.low, one.span.high) == pytest.approx(span[:2])
        assert one.span.words == span[2]


def test_times_another_population_have_no_unit(range_file: Path) -> None:
    figures = "{middle: 0.28, kind: mean, sd: 0.1, interquartile: [0.2, 0.3], range: [0.1, 0.9]}"
    _changed(range_file, figures, "{middle: 0.3, kind: times}\nrelative_to: benign_fasciculation")
    one = _changed(range_file, "unit: 1/min\nscale: 60", 'unit: "1"').ranges["rate_calf"]
    assert (one.unit, one.middle) == (Unit.ONE, 0.3)


def test_ranges_are_found_by_quantity_muscle_and_electrode(range_file: Path) -> None:
    known = Library(range_file.parents[1])
    assert [one.id for one in known.ranges_for("fasciculation_rate")] == ["rate_calf"]
    assert len(known.ranges_for("fasciculation_rate", muscle="calf", electrode="surface")) == 1
    assert known.ranges_for("fasciculation_rate", muscle="thenar") == ()
    assert known.ranges_for("fasciculation_rate", electrode="needle") == ()
    assert known.ranges_for("twitch_latency") == ()
    with pytest.raises(OutOfRangeError, match="quantity must be one of fasciculation_rate"):
        known.ranges_for("charm")


def test_what_was_not_recorded_electrically_fits_any_electrode(range_file: Path) -> None:
    known = _changed(range_file, "electrode: surface\n", "")
    assert len(known.ranges_for("fasciculation_rate", electrode="needle")) == 1


def test_ranges_count_as_reported_numbers_and_as_reviews(range_file: Path) -> None:
    coverage = coverage_of(Library(range_file.parents[1]))
    assert coverage.entries["ranges"] == 1
    assert coverage.numbers["reported"] == 4
    assert coverage.reviews["draft"] == 11


SHIPPED = tuple(library().ranges.values())


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: one.id)
def test_every_shipped_range_says_that_a_rate_alone_never_tells_a_diagnosis(one: PublishedRange) -> None:
    assert one.caveat == f"{one.cannot_tell} {RATE_ALONE}"
    assert one.quantity in MEASURED_QUANTITIES


# as the sources give them, by hand, in the unit of the measurement: fasciculation rates a minute, times in seconds
PUBLISHED = {
    "rate_first_dorsal_interosseous_als": (17.4, None),
    "rate_first_dorsal_interosseous_benign": (16.8, None),
    "rate_biceps_weak_als": (40.0, None),
    "rate_biceps_and_gastrocnemius_mostly_als": (40.5, (10.6, 79.4)),
    "rate_tibialis_anterior_healthy": (None, (0.0, 3.0)),
    "amplitude_tibialis_anterior_als_full": (560.6e-6, (123e-6, 1480e-6)),
    "duration_tibialis_anterior_als_denervated": (13.67e-3, (4.5e-3, 37.4e-3)),
    "late_echo_gastrocnemius_benign": (32e-3, None),
    "time_locked_tibialis_anterior_benign": (44.0, None),
    "contraction_time_thenar_healthy": (None, (35e-3, 80e-3)),
    "half_relaxation_time_thenar_spinal_cord_injury": (56.2e-3, (41e-3, 150e-3)),
    "latency_medial_gastrocnemius_healthy": (11.63e-3, (10.12e-3, 13.14e-3)),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_shipped_ranges_are_those_that_were_published(name: str) -> None:
    one, (middle, ends) = library().ranges[name], PUBLISHED[name]
    assert one.middle == (None if middle is None else pytest.approx(middle))
    assert ends is None or (one.span is not None and one.span[:2] == pytest.approx(ends))


def test_the_hand_shows_no_difference_and_the_arm_does() -> None:
    rates = library().ranges_for("fasciculation_rate", muscle="first_dorsal_interosseous")
    assert {round(one.middle or 0.0) for one in rates} == {17}
    arms = library().ranges_for("fasciculation_rate", muscle="biceps_brachii")
    assert min(one.middle or 0.0 for one in arms) >= 10


def test_a_muscle_is_known_by_its_names_in_any_case() -> None:
    known = library()
    for name, muscle in known.muscles.items():
        assert known.muscle_named(name) == name
        for other in muscle.names:
            assert known.muscle_named(other.upper()) == known.muscle_named(other)
    assert known.muscle_named("first_dorsal_interosseous") == "first_dorsal_interosseous"
    assert known.muscle_named("") is None
