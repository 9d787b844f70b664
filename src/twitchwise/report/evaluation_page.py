"""The scores of an evaluation as a Markdown page with a calibration plot beside it."""

from collections.abc import Iterator
from pathlib import Path

from twitchwise.examine.evaluation.scores import Evaluation, Outcome, SetScores
from twitchwise.report.text_of_evaluation import calibration_note, constructed_note, set_rows, urgency_rows
from twitchwise.vocabulary import Urgency

INTRODUCTION = """# How good the assessment is

*Made by `twitchwise evaluate CASES... --page docs/explanation/accuracy.md`; do not edit.*

Published cases with a known answer are read as a person's own words would be (or as HPO terms) and assessed; nothing is
known of them beforehand but the text without its diagnosis. Shares come with 95 % Wilson intervals. *Abstained* are
cases in which no leading cause stands out, so that the program says so; they are scored all the same.

The rules, phrases and assumed shares were written with these very cases at hand, so the scores flatter; on cases that
nobody looked at they will be lower. Examination vignettes are not people who ask about a twitch, and none of this is a
trial in patients.
"""


def write_evaluation_page(result: Evaluation, page: Path) -> None:
    """Write the page, and the plot as an SVG file of the same name beside it.

    Parameters
    ----------
    result
        The scores.
    page
        A Markdown file.
    """
    plot = page.with_suffix(".svg")
    plot.write_text(calibration_svg(result), encoding="utf-8")
    page.write_text("\n".join(_lines(result, plot.name)) + "\n", encoding="utf-8")


def _lines(result: Evaluation, plot: str) -> Iterator[str]:
    yield INTRODUCTION
    for one in result.sets:
        yield from _set_lines(one)
    yield "## How soon to seek help\n"
    yield from _table(urgency_rows(result))
    yield f"\n{constructed_note(result)}\n"
    yield "## Do the probabilities hold\n"
    yield f"{calibration_note(result)}\n"
    yield f"![Stated probability of the leading answer against how often it was right]({plot})\n"
    yield "## What is missed\n"
    yield from _missed(result)


def _set_lines(one: SetScores) -> Iterator[str]:
    yield f"## {one.name}\n"
    yield f"{one.cases} cases; {one.repeats} that repeat another were left out.\n"
    yield from _table(set_rows(one))
    yield ""


def _table(rows: Iterator[tuple[str, str]]) -> Iterator[str]:
    yield "| score | value |"
    yield "|---|---|"
    for label, said in rows:
        yield f"| {label} | {said} |"


def _missed(result: Evaluation) -> Iterator[str]:
    yield "| case | wanted | place | why | advised | due |"
    yield "|---|---|---|---|---|---|"
    for outcome in result.outcomes:
        if _is_missed(outcome):
            wanted = outcome.case.target or "an emergency"
            due = "-" if outcome.expected is None else outcome.expected.word
            place = "-" if outcome.rank is None else outcome.rank
            yield f"| {outcome.case.id} | {wanted} | {place} | {_why(outcome)} | {outcome.level.word} | {due} |"
    families = [outcome for outcome in result.outcomes if outcome.family_rank is not None and outcome.family_rank > 1]
    yield f"\nBesides, the family came first in all but {len(families)} of the HPO cases that have one."


def _why(outcome: Outcome) -> str:
    """Return why the right cause does not come first, as far as the numbers tell."""
    if outcome.rank == 1:
        return "the cause comes first; no rule that was met calls for help as soon as its source does"
    if not outcome.speaking:
        return f"nothing in the text that speaks for it was recognized; {outcome.leading} came first"
    return f"{outcome.speaking} recognized findings speak for it, more for {outcome.leading}"


def _is_missed(outcome: Outcome) -> bool:
    late = outcome.expected is not None and outcome.level < outcome.expected
    return late or (outcome.case.in_field and outcome.rank != 1) or _emergency_missed(outcome)


def _emergency_missed(outcome: Outcome) -> bool:
    return outcome.expected is Urgency.EMERGENCY and outcome.level is not Urgency.EMERGENCY


def calibration_svg(result: Evaluation) -> str:
    """Return the plot of stated against observed, one point a bin, its area by the number of cases."""
    from io import StringIO  # noqa: PLC0415

    import matplotlib as mpl  # noqa: PLC0415 - heavy, and only for this plot
    from matplotlib.figure import Figure  # noqa: PLC0415

    bins = result.calibration.bins
    with mpl.rc_context({"svg.hashsalt": "twitchwise", "svg.fonttype": "path"}):
        figure = Figure(figsize=(4, 4), layout="constrained")
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], color="0.6", linewidth=1)
        axes.scatter([one.stated for one in bins], [one.right for one in bins], s=[4 * one.n for one in bins])
        axes.set(xlabel="stated probability", ylabel="share that was right", xlim=(0, 1), ylim=(0, 1))
        text = StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()
