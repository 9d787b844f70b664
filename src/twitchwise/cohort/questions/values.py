"""The values of a study that its questions are asked of: one for each participant, visit and side.

Neighboring channels see the same potentials, so what they show must never be added. Of a quantity, the channels of
one recording and side are brought together by their median, which neither the number of channels nor one bad channel
moves; of a count, one channel speaks for its side, so that count and minutes belong together. Recordings of one visit
are different minutes: values are averaged, counts and minutes are added.
"""

from typing import TYPE_CHECKING

from twitchwise.vocabulary.errors import OutOfRangeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

WAYS = ("median", "max", "mean")
"""How the channels of one recording and side may become one value; else the name of one channel."""
_SECONDS_PER_MINUTE = 60.0


def values_of(  # noqa: PLR0913 - each is a choice of the study, all by name
    measurements: "pd.DataFrame",
    quantity: str,
    *,
    per: "Sequence[str]" = ("participant_id", "session"),
    side: str | None = None,
    site: str | None = None,
    channel: str | None = None,
    method: str | None = None,
    task: str | None = None,
    reduce: str = "median",
    with_doubts: bool = True,
) -> "pd.DataFrame":
    """Return one value of a quantity for each participant, visit and side.

    Parameters
    ----------
    measurements
        The table of measurements of a study. Rows of no participant are left out.
    quantity
        Name of the quantity, for example ``fasciculation_rate``.
    per
        Columns that make a value one: by default participant and visit. ``side`` is always one of them.
    side, site, channel, method, task
        Only values of this side, site, channel, (beginning of its sentence) method or task. Where several muscles of
        one side were recorded, name the ``site``, or their median is taken.
    reduce
        How the channels of one recording and side become one value: ``median``, ``max``, ``mean``, or the name of the
        one channel to use. A value of the whole recording stands for its channels; motor units are first brought
        together by their median in each channel, unless the channel has a value of its own. The recordings of one
        visit are averaged.
    with_doubts
        Whether values that carry doubts are used; they are counted either way.

    Returns
    -------
    pandas.DataFrame
        Columns of ``per``, then ``side`` (null where the recording names none), ``group``, ``value``, ``unit``,
        ``n_recordings``, ``n_channels``, ``n_doubted`` (used with doubts) and ``n_left_out`` (for their doubts);
        sorted, with a fresh index. A participant and visit of whom all values are left out has no row.

    Raises
    ------
    OutOfRangeError
        If a column is missing, ``reduce`` is neither a way nor a channel, the values have several units, or those of
        one visit are of several tasks.
    """
    keys = _keys(per)
    _require_columns(measurements, keys)
    rows = _chosen(measurements, quantity, side=side, site=site, channel=channel, method=method, task=task)
    if reduce not in WAYS:
        rows = _of_channel(rows, reduce)
    _require_one("unit", sorted(set(rows["unit"].dropna())))
    _require_one_task(rows, keys)
    kept, left_out = _split_by_doubts(rows, keys, with_doubts=with_doubts)
    recordings = _one_a_recording(kept, keys, reduce if reduce in WAYS else "median")
    merged = recordings.groupby(keys, dropna=False, sort=True).agg(
        group=("group", "first"),
        value=("value", "mean"),
        unit=("unit", "first"),
        n_recordings=("recording", "nunique"),
        n_channels=("n_channels", "max"),
        n_doubted=("n_doubted", "sum"),
    )
    return _with_left_out(merged, left_out)


def counts_of(  # noqa: PLR0913 - each is a choice of the study, all by name
    measurements: "pd.DataFrame",
    quality: "pd.DataFrame",
    quantity: str = "fasciculation_count",
    *,
    per: "Sequence[str]" = ("participant_id", "session"),
    side: str | None = None,
    site: str | None = None,
    channel: str | None = None,
    task: str | None = None,
    with_doubts: bool = True,
) -> "pd.DataFrame":
    """Return one count with its minutes of rest for each participant, visit and side.

    Of each recording and side one channel is counted, the one with most rest (of equals the first by name), as
    neighbors see the same potentials. The recordings of one visit are different minutes, so their counts and minutes
    are added.

    Parameters
    ----------
    measurements, quality
        The tables of a study. Rest is that of the count's channel; where the table of quality does not know it by
        name (an array of electrodes), the longest of its recording.
    quantity
        Name of the count.
    per, side, site, channel, task, with_doubts
        As for `values_of`.

    Returns
    -------
    pandas.DataFrame
        Columns of ``per``, then ``side``, ``group``, ``count`` (not whole where each fasciculation counts with its
        probability), ``minutes``, ``n_recordings``, ``n_doubted`` and ``n_left_out``.

    Raises
    ------
    OutOfRangeError
        If a column is missing, or the counts of one visit are of several tasks.
    """
    _require_columns(quality, ("recording", "channel", "rest_s"))
    keys = _keys(per)
    _require_columns(measurements, keys)
    rows = _chosen(measurements, quantity, side=side, site=site, channel=channel, method=None, task=task)
    _require_one_task(rows, keys)
    kept, left_out = _split_by_doubts(rows, keys, with_doubts=with_doubts)
    rested = _with_rest(kept, quality)
    rested = rested[rested["rest_s"] > 0].sort_values(["rest_s", "channel"], ascending=[False, True], kind="stable")
    one = rested.drop_duplicates(["recording", "side"])
    merged = one.groupby(keys, dropna=False, sort=True).agg(
        group=("group", "first"),
        count=("value", "sum"),
        minutes=("rest_s", "sum"),
        n_recordings=("recording", "nunique"),
        n_doubted=("doubted", "sum"),
    )
    merged["minutes"] = merged["minutes"] / _SECONDS_PER_MINUTE
    return _with_left_out(merged, left_out)


def _chosen(measurements: "pd.DataFrame", quantity: str, **wanted: str | None) -> "pd.DataFrame":
    """Return the rows of a quantity that are wanted, with the column ``doubted``."""
    needed = ("recording", "participant_id", "group", "channel", "side", "quantity", "value", "unit", "doubts")
    _require_columns(measurements, (*needed, *(name for name, value in wanted.items() if value is not None)))
    rows = measurements[measurements["quantity"] == quantity]
    for name, value in wanted.items():
        if value is not None and name == "method":
            rows = rows[rows[name].fillna("").str.startswith(value)]
        elif value is not None:
            rows = rows[rows[name] == value]
    rows = rows[rows["value"].notna() & rows["participant_id"].notna()]
    doubted = [doubts is not None and len(doubts) > 0 for doubts in rows["doubts"]]
    return rows.assign(doubted=doubted)


def _of_channel(rows: "pd.DataFrame", name: str) -> "pd.DataFrame":
    channels = sorted(str(one) for one in rows["channel"].dropna().unique())
    if len(rows) and name not in channels:
        raise OutOfRangeError(f"reduce must be one of {', '.join([*WAYS, *channels])}, got {name!r}.")
    return rows[rows["channel"] == name]


def _keys(per: "Sequence[str]") -> list[str]:
    return [*(name for name in per if name != "side"), "side"]


def _split_by_doubts(
    rows: "pd.DataFrame", keys: list[str], *, with_doubts: bool
) -> "tuple[pd.DataFrame, pd.Series[int]]":
    """Return the rows that are used, and how many were left out by key."""
    left_out = rows[rows["doubted"]] if not with_doubts else rows.iloc[:0]
    kept = rows if with_doubts else rows[~rows["doubted"]]
    return kept, left_out.groupby(keys, dropna=False).size()


def _one_a_recording(rows: "pd.DataFrame", keys: list[str], way: str) -> "pd.DataFrame":
    """Return one value for each recording and side: whole recordings as they are, channels brought together."""
    own = rows["motor_unit"].isna() if "motor_unit" in rows else rows["value"].notna()
    has_own = own.groupby([rows["recording"], rows["channel"].fillna("")]).transform("any")
    rows = rows[own | ~has_own]
    whole = rows["channel"].isna()
    has_whole = whole.groupby([rows["recording"], rows["side"].fillna("")]).transform("any")
    rows = rows[whole | ~has_whole]
    by = list(dict.fromkeys([*keys, "recording"]))
    channels = rows.groupby([*by, "channel"], dropna=False).agg(
        group=("group", "first"), value=("value", "median"), unit=("unit", "first"), n_doubted=("doubted", "sum")
    )
    return (
        channels.reset_index()
        .groupby(by, dropna=False)
        .agg(
            group=("group", "first"),
            value=("value", way),
            unit=("unit", "first"),
            n_channels=("channel", "size"),
            n_doubted=("n_doubted", "sum"),
        )
        .reset_index()
    )


def _with_rest(rows: "pd.DataFrame", quality: "pd.DataFrame") -> "pd.DataFrame":
    """Return rows with the rest of their channel, or else the longest of their recording."""
    rest = quality[quality["rest_s"].notna()]
    of_channel = rest.groupby(["recording", "channel"])["rest_s"].max().rename("rest_s").reset_index()
    longest = rest.groupby("recording")["rest_s"].max()
    merged = rows.merge(of_channel, on=["recording", "channel"], how="left")
    return merged.assign(rest_s=merged["rest_s"].fillna(merged["recording"].map(longest)))


def _with_left_out(merged: "pd.DataFrame", left_out: "pd.Series[int]") -> "pd.DataFrame":
    counted = left_out.reindex(merged.index, fill_value=0).to_numpy() if len(left_out) else 0
    table = merged.assign(n_left_out=counted).reset_index()
    return table.assign(n_doubted=table["n_doubted"].astype(int), n_left_out=table["n_left_out"].astype(int))


def _require_columns(table: "pd.DataFrame", names: "Sequence[str]") -> None:
    missing = [name for name in names if name not in table.columns]
    if missing:
        raise OutOfRangeError(f"The table must have the column {missing[0]}, got {', '.join(map(str, table.columns))}.")


def _require_one(name: str, values: "Sequence[object]") -> None:
    if len(values) > 1:
        raise OutOfRangeError(f"{name} must be the same for all values, got {', '.join(map(str, values))}.")


def _require_one_task(rows: "pd.DataFrame", keys: list[str]) -> None:
    """Refuse to average a tremor at rest with one in a posture."""
    if "task" in rows and len(rows) and int(rows.groupby(keys, dropna=False)["task"].nunique().max()) > 1:
        tasks = sorted(str(task) for task in rows["task"].dropna().unique())
        raise OutOfRangeError(f"task must be one of {', '.join(tasks)} where a visit has several, got None.")
