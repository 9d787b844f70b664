"""``twitchwise cohort power``: how many people and minutes a study needs to see a change."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twitchwise.cli.output import print_json
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.checks import require_within

if TYPE_CHECKING:
    from twitchwise.cohort.power.asked import Of
    from twitchwise.cohort.power.pilot import Chosen
    from twitchwise.cohort.power.plan import StudyPlan
    from twitchwise.cohort.power.rendered import Rendered
    from twitchwise.cohort.power.wanted import Design
    from twitchwise.simulate.condition import Setting

_RENDERED_MIN = 5.0
_MOST_RENDERED = 200
_DESIGNS = "before-after, two-groups or against-healthy"

Told = Callable[[str, int, int], None]
"""Is told what is done, and how many of how many."""


def power(  # noqa: PLR0913, PLR0917 - one parameter an option
    condition: Annotated[
        str | None,
        typer.Argument(help="A condition that can be simulated; not needed with --pilot, --between-sd or --within-sd."),
    ] = None,
    quantity: Annotated[str, typer.Option(help="What is measured.")] = "fasciculation_rate",
    change: Annotated[
        str | None, typer.Option(help="30% is a fall of 30 %, +30% a rise; 2/min or '0.5 Hz' a difference.")
    ] = None,
    ratio: Annotated[float | None, typer.Option(help="The change as a ratio, after over before.")] = None,
    design: Annotated[str, typer.Option(help=f"{_DESIGNS}.")] = "before-after",
    power: Annotated[float, typer.Option(help="Share of studies that are to find the change.")] = 0.9,
    alpha: Annotated[float, typer.Option(help="Share of studies that may find one where there is none.")] = 0.05,
    minutes: Annotated[str, typer.Option(help="Lengths of a recording to compare.")] = "1,2,5,10,30",
    subjects: Annotated[
        int | None, typer.Option(help="Also the power with so many people (in each group).", show_default=False)
    ] = None,
    visits: Annotated[int, typer.Option(help="Visits of each person, at each time.")] = 1,
    dropout: Annotated[float, typer.Option(help="Share of people who leave before the end.")] = 0.0,
    budget: Annotated[
        float | None, typer.Option(help="Hours of all visits together that there are.", show_default=False)
    ] = None,
    analysis: Annotated[
        str | None,
        typer.Option(
            help="Of counts before and after: log-ratios (each person's own, as 'cohort change' has it) or rates.",
            show_default=False,
        ),
    ] = None,
    setup: Annotated[
        float | None, typer.Option(help="Minutes of a visit beside the recording; 15 unless told.", show_default=False)
    ] = None,
    muscle: Annotated[str | None, typer.Option(help="Instead of the condition's own.", show_default=False)] = None,
    severity: Annotated[str, typer.Option(help="0 to 2, or mild, moderate, severe.")] = "1",
    people: Annotated[
        int | None,
        typer.Option(help="How many people are simulated; 200 unless told, 40 with cramps.", show_default=False),
    ] = None,
    visit_spread: Annotated[
        float | None,
        typer.Option(help="How much a person's rate differs between visits (SD of its logarithm).", show_default=False),
    ] = None,
    sensitivity: Annotated[
        float | None, typer.Option(help="Share of true events that the detector finds.", show_default=False)
    ] = None,
    false_alarms: Annotated[
        float | None, typer.Option(help="False alarms of the detector per minute.", show_default=False)
    ] = None,
    render: Annotated[
        int, typer.Option(help="Check the detector on so many people rendered to EMG; some seconds each.")
    ] = 0,
    pilot: Annotated[
        Path | None, typer.Option(help="A study that 'twitchwise cohort' measured, to plan by.", show_default=False)
    ] = None,
    group: Annotated[str | None, typer.Option(help="Only this group of the pilot.", show_default=False)] = None,
    task: Annotated[str | None, typer.Option(help="Only this task of the pilot.", show_default=False)] = None,
    site: Annotated[str | None, typer.Option(help="Only this site of the pilot.", show_default=False)] = None,
    side: Annotated[str | None, typer.Option(help="Only this side of the pilot.", show_default=False)] = None,
    mean: Annotated[float | None, typer.Option(help="Mean of the quantity, if known.", show_default=False)] = None,
    between_sd: Annotated[
        float | None, typer.Option(help="Its standard deviation between people, if known.", show_default=False)
    ] = None,
    within_sd: Annotated[
        float | None, typer.Option(help="Its standard deviation of one person between visits.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same answer.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")] = False,
) -> None:
    """Tell how many people, and how many minutes of each, a study needs to see a change."""
    from twitchwise.cohort.power.as_text import plan_as_plain, plan_as_text  # noqa: PLC0415 - arrays load here
    from twitchwise.cohort.power.asked import Assumptions, Of  # noqa: PLC0415
    from twitchwise.cohort.power.effect import effect_of  # noqa: PLC0415
    from twitchwise.cohort.power.pilot import Chosen  # noqa: PLC0415
    from twitchwise.cohort.power.wanted import Wanted  # noqa: PLC0415

    of = Of(
        quantity=quantity,
        effect=effect_of(change, ratio),
        wanted=Wanted(
            design=_design(design),
            power=power,
            alpha=alpha,
            visits=visits,
            subjects=subjects,
            dropout=dropout,
            setup_min=setup,
            budget_h=budget,
            by_logarithms=_by_logarithms(analysis, _design(design)),
            seed=seed,
        ),
        assumptions=Assumptions(
            minutes=_minutes(minutes),
            visit_spread=visit_spread,
            sensitivity=sensitivity,
            false_alarms_per_min=false_alarms,
            n_people=people,
        ),
    )
    _require_one(condition, pilot, (mean, between_sd, within_sd))
    rendered = None
    if pilot is not None:
        plan = _of_pilot(pilot, of, Chosen(group=group, task=task, site=site, side=side))
    elif condition is None:
        plan = _of_numbers(of, mean, between_sd, within_sd)
    else:
        plan, rendered = _of_people(condition, severity, muscle, of, render)
    if json:
        print_json(plan_as_plain(plan, rendered))
    else:
        typer.echo(plan_as_text(plan, rendered))


def _require_one(condition: str | None, pilot: Path | None, numbers: tuple[float | None, ...]) -> None:
    """Refuse two ways to know how people differ, and none."""
    ways = [condition is not None, pilot is not None, any(one is not None for one in numbers)]
    if sum(ways) != 1:
        raise OutOfRangeError(
            "condition must be given, or else --pilot, or else --mean with --between-sd and --within-sd; "
            f"got {sum(ways)} of these."
        )


def _of_people(
    condition: str, severity: str, muscle: str | None, of: "Of", n_rendered: int
) -> "tuple[StudyPlan, Rendered | None]":
    from twitchwise.cohort.power.of_people import plan_of_people  # noqa: PLC0415 - loaded already
    from twitchwise.simulate.condition import Setting, severity_of  # noqa: PLC0415

    setting = Setting(condition=condition, severity=severity_of(severity), muscle=muscle)
    require_within("render", n_rendered, 0, _MOST_RENDERED)
    with _told() as told:
        plan = plan_of_people(setting, of, told)
        return plan, _rendered(setting, of, n_rendered, told) if n_rendered else None


def _rendered(setting: "Setting", of: "Of", n_people: int, told: "Told") -> "Rendered":
    from twitchwise.cohort.power.rendered import render  # noqa: PLC0415 - the detector loads here

    if of.quantity != "fasciculation_rate":
        raise OutOfRangeError(f"render must be left out unless fasciculations are counted, got {of.quantity!r}.")
    minutes = min(_RENDERED_MIN, max(of.assumptions.minutes))
    return render(
        setting,
        n_people=n_people,
        minutes=minutes,
        seed=of.wanted.seed,
        progress=lambda done, total: told("people rendered and measured", done, total),
    )


def _of_pilot(folder: Path, of: "Of", chosen: "Chosen") -> "StudyPlan":
    from twitchwise.cohort.power.of_people import plan_of_pilot  # noqa: PLC0415 - loaded already
    from twitchwise.cohort.power.of_values import plan_of_values  # noqa: PLC0415
    from twitchwise.cohort.power.pilot import has_counts, spread_of_pilot  # noqa: PLC0415

    if has_counts(folder, of.quantity):
        with _told() as told:
            return plan_of_pilot(folder, of, chosen, told)
    return plan_of_values(of, f"the pilot {folder.name}", spread_of_pilot(folder, of.quantity, chosen))


def _of_numbers(of: "Of", mean: float | None, between: float | None, within: float | None) -> "StudyPlan":
    from twitchwise.cohort.power.of_values import plan_of_values, spread_given  # noqa: PLC0415 - loaded already

    unit = of.effect.unit if of.effect is not None else ""
    return plan_of_values(of, "spread as given", spread_given(mean, between, within, unit))


def _design(text: str) -> "Design":
    from twitchwise.cohort.power.wanted import Design  # noqa: PLC0415 - loaded already

    if text not in tuple(Design):
        raise OutOfRangeError(f"design must be {_DESIGNS}, got {text!r}.")
    return Design(text)


def _by_logarithms(analysis: str | None, design: "Design") -> bool:
    from twitchwise.cohort.power.wanted import Design  # noqa: PLC0415 - loaded already

    if analysis is None:
        return design is Design.BEFORE_AFTER
    if analysis not in {"rates", "log-ratios"}:
        raise OutOfRangeError(f"analysis must be rates or log-ratios, got {analysis!r}.")
    return analysis == "log-ratios"


def _minutes(text: str) -> tuple[float, ...]:
    try:
        return tuple(dict.fromkeys(float(part) for part in text.split(",") if part.strip()))
    except ValueError:
        raise OutOfRangeError(f"minutes must be numbers with commas between them, got {text!r}.") from None


@contextmanager
def _told() -> "Iterator[Told]":
    """Show what is done, on the error stream: a moving bar for people, else a line for each thing that is complete."""
    with _bar() as show:

        def told(doing: str, done: int, total: int) -> None:
            show(doing, done, total)
            if not sys.stderr.isatty() and done == total:
                typer.echo(f"{doing}: {total} of {total}", err=True)

        yield told


@contextmanager
def _bar() -> "Iterator[Told]":
    if not sys.stderr.isatty():
        yield lambda _doing, _done, _total: None
        return
    from rich.console import Console  # noqa: PLC0415 - rich loads only when there is something to show
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None)
        yield lambda doing, done, total: bar.update(task, description=doing, completed=done, total=total)
