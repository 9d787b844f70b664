"""``twitchwise explain``: what is known of a condition, with its sources, and what it changes along the chain."""

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from twitchwise.cli.output import print_text, progress, require_writable
from twitchwise.knowledge import library
from twitchwise.vocabulary import OutOfRangeError, UnwritableFileError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from twitchwise.simulate import Setting


def explain(
    condition: Annotated[str, typer.Argument(help="Id of a condition or of a popular claim, such as eyelid_myokymia.")],
    figure: Annotated[
        Path | None,
        typer.Option(help="An .svg file for what changes from blood to limb, beside health.", show_default=False),
    ] = None,
    severity: Annotated[str, typer.Option(help="Of the figure: 0 to 2, or mild, moderate, severe.")] = "1",
    story: Annotated[
        Literal["evidence", "popular"], typer.Option(help="Of the figure: which side of a popular story.")
    ] = "evidence",
    seed: Annotated[int, typer.Option(help="Of the figure: the same seed gives the same one.")] = 1,
) -> None:
    """Explain a condition (what happens, what is seen, how urgent, what helps) or what is known of a popular claim."""
    setting = None
    if figure is not None:
        setting = _setting(condition, severity, story)
        require_writable(figure)
    for part in _texts(condition):
        print_text(part)
    if figure is not None and setting is not None:
        _draw(setting, seed, figure)


def _setting(condition: str, severity: str, story: Literal["evidence", "popular"]) -> "Setting":
    """Return what is to be drawn, or refuse it before any work is done."""
    from twitchwise.simulate.condition import Setting, parameters_for, severity_of  # noqa: PLC0415 - only for a figure

    setting = Setting(condition=condition, severity=severity_of(severity), story=story)
    parameters_for(setting)
    return setting


def _texts(name: str) -> "list[RenderableType]":
    # rich loads when there is text to print
    from twitchwise.report import (  # noqa: PLC0415
        claim_as_text,
        condition_as_text,
        health_as_text,
        stories_about,
        stories_as_text,
    )
    from twitchwise.simulate.condition import SCENES_IN_HEALTH  # noqa: PLC0415 - the name of health, without arrays

    known = library()
    if name in known.claims:
        return [claim_as_text(known.claims[name], known)]
    if name in SCENES_IN_HEALTH:
        return [health_as_text(SCENES_IN_HEALTH[name], known)]
    if name in known.conditions:
        about = stories_about(name, known)
        stories = [stories_as_text(about, known)] if about else []
        return [condition_as_text(known.conditions[name], known), *stories]
    near = difflib.get_close_matches(name, [*known.conditions, *known.claims])
    hint = f"; did you mean {near[0]!r}?" if near else "; see 'twitchwise knowledge list'."
    raise OutOfRangeError(f"condition must be a known one, got {name!r}{hint}")


def _draw(setting: "Setting", seed: int, figure: Path) -> None:
    from twitchwise import report  # noqa: PLC0415 - the model and drawing load only for a figure

    with progress(f"Simulating {setting.condition} and health"):
        explanation = report.explain(setting, seed=seed)
    try:
        figure.write_text(explanation.svg, encoding="utf-8")
    except OSError as error:
        raise UnwritableFileError(
            f"figure must be a file that can be written, got {str(figure)!r} ({error})."
        ) from None
    print_text(report.chain_as_text(explanation.sentences, explanation.caption))
    typer.echo(f"The figure is in {figure}", err=True)
