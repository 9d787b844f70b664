"""What a study is asked: change, reliability, agreement and groups compared, from the tables that it left."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twitchwise.cli.output import print_json
from twitchwise.vocabulary import OutOfRangeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from twitchwise.cohort.questions.as_text import Answer

RATE, COUNT = "fasciculation_rate", "fasciculation_count"
_FIRST, _SECOND = "this study", "the other study"

StudyArgument = Annotated[Path, typer.Argument(help="The folder of a study.")]
Quantity = Annotated[str, typer.Option(help="What was measured, as in the column 'quantity'.")]
Side = Annotated[str | None, typer.Option(help="Only this side: left or right.")]
Visit = Annotated[str, typer.Option(help="The column that tells visits apart: session or run.")]
Repeats = Annotated[str | None, typer.Option(help="Visits that repeat each other without a change, with commas: 1,2.")]
StableGroup = Annotated[str | None, typer.Option(help="The group that is known to be stable.")]
Reduce = Annotated[
    str, typer.Option(help="How channels of one side become one value: median, max, mean, or a channel's name.")
]
WithoutDoubts = Annotated[bool, typer.Option("--without-doubts", help="Leave values out that carry doubts.")]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


def change(  # noqa: PLR0913, PLR0917 - one parameter an option
    study: StudyArgument,
    start: Annotated[str, typer.Option("--from", help="The visit before.")],
    end: Annotated[str, typer.Option("--to", help="The visit after.")],
    quantity: Quantity = RATE,
    visit: Visit = "session",
    repeats: Repeats = None,
    stable_group: StableGroup = None,
    mdc: Annotated[
        float | None, typer.Option(help="Minimum detectable change, where it is known; for a rate see --alpha.")
    ] = None,
    alpha: Annotated[
        float | None, typer.Option(help="Over-dispersion of counts from visit to visit, where it is known.")
    ] = None,
    side: Side = None,
    reduce: Reduce = "median",
    without_doubts: WithoutDoubts = False,
    json: Json = False,
) -> None:
    """Tell who changed between two visits by more than the measurement itself does."""
    from twitchwise.cohort.questions.change import changes_of, changes_of_counts  # noqa: PLC0415 - statistics load here

    repeated = None if repeats is None else _parts(repeats)
    if quantity == RATE and mdc is None:
        counts = _counts(study, side=side, per=("participant_id", visit), with_doubts=not without_doubts)
        answer = changes_of_counts(
            counts,
            start=start,
            end=end,
            visit=visit,
            repeats=repeated,
            stable_group=stable_group,
            over_dispersion=alpha,
        )
    else:
        if alpha is not None:
            raise OutOfRangeError(f"alpha must be given for {RATE} without --mdc, got it for {quantity!r}.")
        answer = changes_of(
            _measurements(study, quantity),
            quantity,
            start=start,
            end=end,
            visit=visit,
            repeats=repeated,
            stable_group=stable_group,
            mdc=mdc,
            side=side,
            reduce=reduce,
            with_doubts=not without_doubts,
        )
    _print(answer, as_json=json)


def compare(  # noqa: PLR0913, PLR0917 - one parameter an option
    study: StudyArgument,
    quantity: Quantity = RATE,
    by: Annotated[str, typer.Option(help="Column of the groups, as in the table of recordings.")] = "group",
    reference: Annotated[
        str | None, typer.Option(help="The group that others are compared with; the first by name.")
    ] = None,
    adjust: Annotated[str | None, typer.Option(help="Columns to adjust for, with commas, such as age,sex.")] = None,
    side: Side = None,
    reduce: Reduce = "median",
    without_doubts: WithoutDoubts = False,
    json: Json = False,
) -> None:
    """Compare groups: rates as ratios, by counts and minutes; other quantities as differences, by a mixed model."""
    from twitchwise.cohort.questions.groups import compare_counts, compare_values  # noqa: PLC0415 - statistics load here
    from twitchwise.cohort.questions.values import values_of  # noqa: PLC0415

    covariates = () if adjust is None else tuple(_parts(adjust))
    if quantity == RATE:
        counts = _with_columns(_counts(study, side=side, with_doubts=not without_doubts), study, [by, *covariates])
        answer = compare_counts(counts, reference=reference, covariates=covariates, group=by)
    else:
        values = values_of(
            _measurements(study, quantity), quantity, side=side, reduce=reduce, with_doubts=not without_doubts
        )
        unit = str(values["unit"].iloc[0]) if len(values) else "1"
        joined = _with_columns(values, study, [by, *covariates])
        answer = compare_values(
            joined, reference=reference, covariates=covariates, group=by, quantity=quantity, unit=unit
        )
    _print(answer, as_json=json)


def reliability(  # noqa: PLR0913, PLR0917 - one parameter an option
    study: StudyArgument,
    quantity: Quantity = RATE,
    visit: Visit = "session",
    repeats: Repeats = None,
    stable_group: StableGroup = None,
    side: Side = None,
    log: Annotated[
        bool, typer.Option("--log", help="Compare logarithms, for errors that grow with the value.")
    ] = False,
    reduce: Reduce = "median",
    without_doubts: WithoutDoubts = False,
    json: Json = False,
) -> None:
    """Tell how well a quantity repeats itself: intraclass correlation, standard error, minimum detectable change."""
    from twitchwise.cohort.questions.reliability import reliability_of  # noqa: PLC0415 - statistics load here

    answer = reliability_of(
        _measurements(study, quantity),
        quantity,
        visits=None if repeats is None else _parts(repeats),
        visit=visit,
        group=stable_group,
        side=side,
        on_log=log,
        reduce=reduce,
        with_doubts=not without_doubts,
    )
    _print(answer, as_json=json)


def agreement(  # noqa: PLR0913, PLR0917 - one parameter an option
    study: StudyArgument,
    first: Annotated[str | None, typer.Option(help="One of the two, such as left, or a quantity.")] = None,
    second: Annotated[str | None, typer.Option(help="The other of the two.")] = None,
    between: Annotated[
        str, typer.Option(help="What tells the two apart: quantity, side, site, channel, method or task.")
    ] = "side",
    other: Annotated[
        Path | None, typer.Option(help="Another study of the same visits, measured in another way.")
    ] = None,
    quantity: Quantity = RATE,
    ratio: Annotated[bool, typer.Option("--ratio", help="Give limits as ratios, for differences that grow.")] = False,
    reduce: Reduce = "median",
    without_doubts: WithoutDoubts = False,
    json: Json = False,
) -> None:
    """Tell how far two ways of measuring differ: bias and limits of agreement (Bland and Altman)."""
    from twitchwise.cohort.questions.agreement import agreement_of  # noqa: PLC0415 - statistics load here

    if other is not None:
        measurements, between, first, second = _both(study, other, quantity), "method", _FIRST, _SECOND
    elif between == "quantity":
        measurements = _measurements(study, first, second)
    else:
        measurements = _measurements(study, quantity)
    if between == "side":
        first, second = first or "left", second or "right"
    if first is None or second is None:
        raise OutOfRangeError(f"first and second must be given where the two differ in {between!r}, got one or none.")
    answer = agreement_of(
        measurements,
        first,
        second,
        by=between,
        quantity=None if between == "quantity" else quantity,
        as_ratio=ratio,
        reduce=reduce,
        with_doubts=not without_doubts,
    )
    _print(answer, as_json=json)


def _measurements(study: Path, *quantities: str | None) -> "pd.DataFrame":
    """Return the measurements of some quantities, or refuse one that was never measured and name those that were."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - loads when a table is read

    from twitchwise.cohort.columns import MEASUREMENTS  # noqa: PLC0415
    from twitchwise.cohort.folder import tables_in  # noqa: PLC0415

    wanted = [one for one in quantities if one is not None]
    file = tables_in(study)[MEASUREMENTS]
    frame: pd.DataFrame = pq.read_table(file, filters=[("quantity", "in", wanted)]).to_pandas()
    missing = sorted(set(wanted) - set(frame["quantity"]))
    if missing:
        known = sorted(set(pq.read_table(file, columns=["quantity"])["quantity"].to_pylist()))
        raise OutOfRangeError(f"quantity must be one of {', '.join(known)}, got {missing[0]!r}.")
    return frame


def _counts(
    study: Path, *, side: str | None, with_doubts: bool, per: "Sequence[str]" = ("participant_id", "session")
) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415 - loads when a table is read

    from twitchwise.cohort.columns import QUALITY  # noqa: PLC0415
    from twitchwise.cohort.folder import tables_in  # noqa: PLC0415
    from twitchwise.cohort.questions.values import counts_of  # noqa: PLC0415

    quality = pd.read_parquet(tables_in(study)[QUALITY])
    return counts_of(_measurements(study, COUNT), quality, COUNT, per=per, side=side, with_doubts=with_doubts)


def _with_columns(table: "pd.DataFrame", study: Path, names: "Sequence[str]") -> "pd.DataFrame":
    """Return a table with what the table of recordings says of each participant."""
    import pandas as pd  # noqa: PLC0415 - loads when a table is read

    from twitchwise.cohort.columns import RECORDINGS  # noqa: PLC0415
    from twitchwise.cohort.folder import tables_in  # noqa: PLC0415

    recordings = pd.read_parquet(tables_in(study)[RECORDINGS])
    missing = [name for name in names if name not in recordings.columns]
    if missing:
        raise OutOfRangeError(f"column must be one of {', '.join(recordings.columns)}, got {missing[0]!r}.")
    wanted = [name for name in dict.fromkeys(names) if name not in table.columns]
    if not wanted:
        return table
    by_person = recordings.groupby("participant_id")[wanted].first().reset_index()
    return table.merge(by_person, on="participant_id", how="left")


def _both(study: Path, other: Path, quantity: str) -> "pd.DataFrame":
    """Return the measurements of two studies, told apart by the column of the method."""
    import pandas as pd  # noqa: PLC0415 - loads when a table is read

    tables = ((study, _FIRST), (other, _SECOND))
    return pd.concat([_measurements(one, quantity).assign(method=name) for one, name in tables], ignore_index=True)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _print(answer: "Answer", *, as_json: bool) -> None:
    from twitchwise.cohort.questions.as_text import as_plain, as_text  # noqa: PLC0415 - statistics load here

    if as_json:
        print_json(as_plain(answer))
    else:
        typer.echo(as_text(answer), nl=False)
