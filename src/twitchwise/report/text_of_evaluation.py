"""The scores of an evaluation, as JSON and as a table in the terminal."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table

from twitchwise.examine.evaluation.intervals import Share
from twitchwise.examine.evaluation.scores import Evaluation, SetScores
from twitchwise.report.text_parts import page, paragraph, section, title

COLUMNS = (
    ("covered", "covered"),
    ("abstained", "abstained"),
    ("top1", "top 1"),
    ("top3", "top 3"),
    ("family_top1", "family top 1"),
    ("family_top3", "family top 3"),
    ("option_accuracy", "option right"),
)
URGENCY_ROWS = (
    ("exact", "exact"),
    ("under", "too late (under-triage)"),
    ("over", "too soon (over-triage)"),
    ("emergencies_missed", "emergencies advised as less"),
    ("self_care_recall", "self-care recognized"),
)


def evaluation_as_json(result: Evaluation) -> dict[str, object]:
    """Return the scores as plain values, shares with their Wilson interval and number of cases."""
    urgency = {name: getattr(result.urgency, name).as_json() for name, _ in URGENCY_ROWS}
    return {
        "sets": [_set_as_json(one) for one in result.sets],
        "urgency": {**urgency, "emergencies": result.urgency.emergencies, "constructed": len(result.constructed)},
        "calibration": {
            "brier": result.calibration.brier,
            "ece": result.calibration.ece,
            "n": sum(one.n for one in result.calibration.bins),
            "bins": [{"n": one.n, "stated": one.stated, "right": one.right} for one in result.calibration.bins],
        },
    }


def _set_as_json(one: SetScores) -> dict[str, object]:
    shares = {name: getattr(one, name).as_json() for name, _ in COLUMNS}
    return {"name": one.name, "cases": one.cases, "repeats": one.repeats, **shares}


def share_in_words(share: Share) -> str:
    """Return a share with its interval and number, for example ``80% (49-94%, n=10)``; a dash without cases."""
    low, high = share.interval
    if share.value is None or low is None or high is None:
        return "-"
    return f"{share.value:.0%} ({100 * low:.0f}-{high:.0%}, n={share.n})"


def set_rows(one: SetScores) -> Iterator[tuple[str, str]]:
    """Give each score of a set that there is something to score by, with its name."""
    for name, label in COLUMNS:
        share = getattr(one, name)
        if share.n:
            yield label, share_in_words(share)


def urgency_rows(result: Evaluation) -> Iterator[tuple[str, str]]:
    """Give each score of the urgency with its name."""
    for name, label in URGENCY_ROWS:
        yield label, share_in_words(getattr(result.urgency, name))


def evaluation_as_text(result: Evaluation) -> RenderableType:
    """Return the scores for a terminal."""
    return page(
        title("How the assessment does on cases whose answer is known"),
        *(
            section(f"{one.name}: {one.cases} cases, {one.repeats} repeats left out", _table(set_rows(one)))
            for one in result.sets
        ),
        section("How soon to seek help", _table(urgency_rows(result)), paragraph(constructed_note(result))),
        section("Do the probabilities hold", paragraph(calibration_note(result))),
    )


def constructed_note(result: Evaluation) -> str:
    """Return what must be known of the constructed cases."""
    if not result.constructed:
        return "No constructed cases were added, so there may be no self-care to recognize."
    return (
        f"{len(result.constructed)} of the cases are constructed from published shares, with a fixed seed: no "
        "published case is labeled as benign twitching. Where a case has no label, the urgency that its true cause "
        "calls for by the cited source is taken as due."
    )


def calibration_note(result: Evaluation) -> str:
    """Return Brier score and calibration error in words."""
    held = result.calibration
    if held.brier is None or held.ece is None:
        return "There was nothing to compare."
    cases = sum(one.n for one in held.bins)
    scores = f"Brier score {held.brier:.3f}; expected calibration error {held.ece:.3f}"
    return f"{scores}, over {cases} cases in ten bins of equal width."


def _table(rows: Iterator[tuple[str, str]]) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    for label, said in rows:
        grid.add_row(label, said)
    return grid
