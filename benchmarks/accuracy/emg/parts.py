"""The parts of the benchmark: which scenes each has, which methods it compares, and what is said of it on the page."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial

import numpy as np
from benchmarks.accuracy.emg import disturbed, intervals, needle, nothing, robustness, semi_real, simulated
from benchmarks.accuracy.emg.grid_recording import GRID_FILE, grid_recording, likeness
from benchmarks.accuracy.emg.methods import ALL, OURS, PLAIN, RECIPE, THRESHOLDS, Method, NotInstalledError, is_slow
from benchmarks.accuracy.emg.scenes import Scene
from benchmarks.accuracy.emg.scoring import Score, scored, total
from benchmarks.accuracy.emg.tables import HEAD, Section, Table, cells, number

from twitchwise.measure.rate_interval import poisson_interval

Told = Callable[[str], None]
Scenes = Iterable[tuple[str, Scene]]
SLOW_SCENES = 2  # of a table, that a method is asked which takes longer than the recording's own time to wait for
Scores = dict[tuple[str, str, str], list[Score]]
"""By table, row and method."""


def compared(scenes: Scenes, methods: Sequence[Method], told: Told, **options: bool) -> Scores:
    """Score methods on scenes; a slow one is asked about few."""
    scores: Scores = defaultdict(list)
    asked: dict[tuple[str, str], int] = defaultdict(int)
    absent: set[str] = set()
    for table, scene in scenes:
        for method in methods:
            asked[table, method.name] += 1
            if method.name in absent or (is_slow(method) and asked[table, method.name] > SLOW_SCENES):
                continue
            start = time.perf_counter()
            try:
                found = method.find(scene)
            except NotInstalledError as error:
                absent.add(method.name)
                told(f"{error} is not installed, so that {method.name} is left out")
                continue
            score = scored(found, scene, forgiven_in_activity=method.finds_contractions, **options)
            scores[table, scene.name, method.name].append(score)
            seconds = time.perf_counter() - start
            told(
                f"{table}: {scene.name}: {method.name}: {score.hits} of {score.true}, "
                f"{score.false_alarms} false ({seconds:.1f} s)"
            )
    return scores


def by_scene(scores: Scores, table: str, method: Method) -> Table:
    """Return the table of a method over the scenes of a table."""
    rows = [(row, list_) for (name, row, who), list_ in scores.items() if name == table and who == method.name]
    return Table(
        title=f"{method.name}: {table}",
        head=("scene", *HEAD),
        rows=tuple((row, *cells(total(ones), len(ones))) for row, ones in rows),
    )


def by_method(scores: Scores, table: str, wanted: Callable[[str], bool] = bool, title: str = "all scenes") -> Table:
    """Return the table of the methods over those scenes of a table that are wanted."""
    whose: dict[str, list[Score]] = defaultdict(list)
    for (name, row, who), ones in scores.items():
        if name == table and wanted(row):
            whose[who] += ones
    return Table(
        title=f"Methods: {table}, {title}",
        head=("method", *HEAD),
        rows=tuple((who, *cells(total(ones), len(ones))) for who, ones in whose.items()),
    )


def tables_of(scores: Scores) -> Iterator[Table]:
    """Give the methods over all scenes, and ours by scene, for every table."""
    for table in dict.fromkeys(name for name, _, _ in scores):
        if len({who for name, _, who in scores if name == table}) > 1:
            yield by_method(scores, table)
        yield by_scene(scores, table, OURS)


def in_simulation(where: str, *, is_quick: bool, told: Told) -> Section:
    """Score recordings of the forward model: of a pair of electrodes, of a grid, or over muscles and conditions."""
    is_kinds, is_grid = where == "kinds", where == "grid"
    scenes = simulated.kinds_of_muscle(is_quick=is_quick)
    if not is_kinds:
        scenes = simulated.scenes_of(is_grid=is_grid, is_quick=is_quick)
    methods = (OURS, *THRESHOLDS[1:], RECIPE) if is_kinds else methods_for(is_quick=is_quick)
    titles = {"pair": "one pair of electrodes", "grid": "grid of 64", "kinds": "muscles and conditions"}
    return Section(
        name=f"simulated_{where}",
        title=f"Simulated: {titles[where]}",
        about=_first_words(simulated),
        tables=tuple(tables_of(compared(scenes, methods, told))),
    )


AT_BEST = """\
A threshold that lets noise through about once an hour lies near five times what is left of it after such a filter; to
find 97 of 100 potentials, these must stand out seven times. Where they do not, no method can find them all."""
MONTAGES = {
    "grid": {"all": "all channels"},
    "channel": {"monopolar": "one channel", "bipolar": "difference of two channels"},
}


def in_semi_real(where: str, *, is_quick: bool, told: Told) -> Section:
    """Score recordings put together from a real one, with all channels or one."""
    title, grid = f"Put together from a real recording: {' or '.join(MONTAGES[where].values())}", grid_recording()
    if grid is None:
        about = f"{_first_words(semi_real)}\n\nThe recording, {GRID_FILE}, was not at hand."
        return Section(name=f"semi_real_{where}", title=title, about=about, tables=())
    plans = ((name, plan) for how, name in MONTAGES[where].items() for plan in semi_real.plans(how, is_quick=is_quick))
    scores = compared(
        ((name, semi_real.made(plan, grid)) for name, plan in plans), methods_for(is_quick=is_quick), told
    )
    target = [
        by_method(scores, name, lambda row: "contractions" in row, "20-100 uV, contractions between")
        for name in MONTAGES[where].values()
    ]
    noise = Table(
        title="Noise that was made, beside the real one", head=("", "real", "made"), rows=tuple(likeness(grid))
    )
    best = Table(
        title="How far the least and the most discernible unit stand out for a filter that knows shape and noise",
        head=("size", "all channels", "one channel", "difference of two channels"),
        rows=tuple(semi_real.at_best(grid)),
    )
    return Section(
        name=f"semi_real_{where}",
        title=title,
        about=f"{_first_words(semi_real)}\n\n{AT_BEST}",
        tables=(*target, best, *tables_of(scores), noise),
    )


def methods_for(*, is_quick: bool) -> tuple[Method, ...]:
    """Return all methods, but for a slow one where it must be quick."""
    return tuple(method for method in ALL if not (is_quick and is_slow(method)))


def at_a_needle(*, is_quick: bool, told: Told) -> Section:
    """Score needle recordings, as found and with an offset for each unit."""
    # what was found is scored twice
    methods = [replace(method, find=cache(method.find)) for method in (OURS, *THRESHOLDS, PLAIN)]
    scenes = list(needle.all_scenes(is_quick=is_quick))
    plain = compared(scenes, methods, told)
    moved = compared(
        ((f"{table}, one offset a unit", scene) for table, scene in scenes), methods, told, per_unit_offset=True
    )
    tables = (*tables_of(plain), *(by_method(moved, table) for table in dict.fromkeys(name for name, _, _ in moved)))
    return Section(name="needle", title="Needle", about=_first_words(needle), tables=tables)


def in_nothing(*, is_quick: bool, told: Told) -> Section:
    """Count false alarms where nothing is to be found."""
    scores = compared(nothing.all_scenes(is_quick=is_quick), (OURS, *THRESHOLDS[1:], RECIPE), told)
    rows = dict.fromkeys(row for _, row, _ in scores)
    methods = tuple(dict.fromkeys(who for _, _, who in scores))
    table = Table(
        title="False alarms per hour, with the 95 % interval of ours",
        head=("recording", "hours", *methods),
        rows=tuple(_alarms(row, [total(scores["nothing to find", row, who]) for who in methods]) for row in rows),
    )
    return Section(name="nothing", title="Nothing to find", about=_first_words(nothing), tables=(table,))


def _alarms(row: str, scores: Sequence[Score]) -> tuple[str, ...]:
    ours, hours = scores[0], scores[0].hours
    low, high = (bound / hours for bound in poisson_interval(ours.false_alarms))
    first = f"{number(ours.false_per_hour, 1)} ({low:.1f} to {high:.1f})"
    return row, f"{hours:.2f}", first, *(number(one.false_per_hour, 1) for one in scores[1:])


def under_disturbance(*, is_quick: bool, told: Told) -> Section:
    """Score one channel under what disturbs a recording."""
    scores = compared(disturbed.all_scenes(is_quick=is_quick), (OURS, *THRESHOLDS[1:], RECIPE), told)
    return Section(name="disturbed", title="Disturbed", about=_first_words(disturbed), tables=tuple(tables_of(scores)))


def of_robustness(*, is_quick: bool, told: Told) -> Section:
    """Measure the rate after every choice."""
    names = ("twitchwise", *(method.name for method in robustness.OTHERS))
    worst: dict[str, dict[str, float]] = {name: {} for name in names}
    rows = []
    for scene in robustness.recordings(is_quick=is_quick):
        rates: dict[str, list[float]] = {name: [] for name in names}
        for choice in robustness.CHOICES:
            ready = robustness.prepared(scene, choice)
            rates["twitchwise"].append(robustness.rate_per_min(ready))
            for method in robustness.OTHERS:
                rates[method.name].append(robustness.found_per_min(method, ready))
        off = {name: robustness.deviations(np.array(rates[name])) for name in names}
        for name in names:
            for choice, share in zip(robustness.CHOICES, off[name].tolist(), strict=True):
                worst[name][choice.name] = max(worst[name].get(choice.name, 0.0), share)
        shown = (f"{np.nanmedian(rates[name]):.1f} a minute, {100 * off[name].max():.0f} %" for name in names)
        rows.append((scene.name, *shown))
        told(" ".join(rows[-1]))
    head = ("recording", *names)
    choices = tuple(
        (choice, *(f"{100 * worst[name][choice]:.0f} %" for name in names)) for choice in worst["twitchwise"]
    )
    return Section(
        name="robustness",
        title="Choices before measuring",
        about=_first_words(robustness),
        tables=(
            Table(title="Median rate, and largest deviation from it", head=head, rows=tuple(rows)),
            Table(title="Largest deviation by choice", head=("choice", *names), rows=choices),
        ),
    )


def of_intervals(*, is_quick: bool, told: Told) -> Section:
    """Count how often the interval holds the true rate."""
    given: dict[str, list[intervals.Outcome]] = defaultdict(list)
    for number_, one in enumerate(intervals.outcomes(is_quick=is_quick), start=1):
        given[one.kind].append(one)
        if number_ % 50 == 0:
            told(f"intervals: {number_} recordings")
    given["all"] = [one for ones in list(given.values()) for one in ones]
    for name, few in (("fewer than 5 expected", True), ("5 or more expected", False)):
        given[name] = [one for one in given["all"] if (one.true_per_min * one.duration_s / 60 < 5) == few]
    table = Table(
        title="Share of 95 % intervals that hold the true rate",
        head=("events", "recordings", "without interval", "coverage", "its 95 % interval", "true rate below", "above"),
        rows=tuple(_coverage(name, ones) for name, ones in given.items()),
    )
    return Section(name="intervals", title="Intervals", about=_first_words(intervals), tables=(table,))


def _coverage(name: str, outcomes: Sequence[intervals.Outcome]) -> tuple[str, ...]:
    ones = [one for one in outcomes if np.isfinite(one.low)]
    hits = sum(one.holds for one in ones)
    low, high = intervals.share_interval(hits, len(ones)) if ones else (0.0, 1.0)
    below = sum(one.true_per_min < one.low for one in ones)
    return (
        name,
        str(len(ones)),
        str(len(outcomes) - len(ones)),
        f"{100 * hits / max(len(ones), 1):.1f} %",
        f"{100 * low:.1f} to {100 * high:.1f} %",
        str(below),
        str(len(ones) - hits - below),
    )


def _first_words(module: object) -> str:
    """Return what a module says of itself, which is what the page says."""
    first, _, rest = (module.__doc__ or "").partition("\n\n")
    return f"{first.strip()}\n\n{rest.strip()}".strip()


PARTS: dict[str, Callable[..., Section]] = {
    "semi_real_grid": partial(in_semi_real, "grid"),
    "semi_real_channel": partial(in_semi_real, "channel"),
    "simulated_grid": partial(in_simulation, "grid"),
    "simulated_pair": partial(in_simulation, "pair"),
    "simulated_kinds": partial(in_simulation, "kinds"),
    "needle": at_a_needle,
    "nothing": in_nothing,
    "robustness": of_robustness,
    "intervals": of_intervals,
    "disturbed": under_disturbance,
}
