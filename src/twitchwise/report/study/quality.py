"""How good the recordings of a study are, which of them should not be leaned on, and why."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from twitchwise.report.display import clean, number
from twitchwise.report.drawings import Drawing
from twitchwise.report.study.figures import StripRow, points_said, strips_svg
from twitchwise.report.study.numbers import shown_in, summary_of
from twitchwise.report.study.parts import Plot, Section, Table, counted, listed_shortly, table_of, without_details
from twitchwise.report.study.reading import StudyTables

if TYPE_CHECKING:
    import pandas as pd

ID = "quality"
_SHARES = {
    "clipped_share": "Clipped (at the limit of the amplifier)",
    "flat_share": "Flat (contact lost)",
    "missing_share": "Missing samples",
    "mains_share": "Mains hum, share of the power",
}
_MOST_SAID = 40  # sentences of a table
_PERCENT = 100.0
_LEAST_DRAWN = 1e-3  # percent: what is less is told with what has none


def quality_section(study: StudyTables) -> Section:
    """Return how good the recordings are."""
    channels, doubts = study.quality, doubts_of(study)
    if channels.empty:
        return Section(id=ID, title="Quality", lead=("No channel was measured.",))
    return Section(
        id=ID,
        title="Quality",
        lead=tuple(_lead(study, doubts)),
        plots=tuple(_plots(channels)),
        tables=tuple(_tables(study, doubts)),
        data=_data(study, doubts),
    )


def doubts_of(study: StudyTables) -> "pd.DataFrame":
    """Return a row for each doubt of each value: ``recording``, ``quantity`` and ``doubt``."""
    import pandas as pd  # noqa: PLC0415 - loads when a study is read

    parts = [frame[["recording", "quantity", "doubts"]] for frame in study.measurements.values()]
    if not parts:
        return pd.DataFrame({"recording": [], "quantity": [], "doubt": []})
    doubted = [part[part["doubts"].str.len() > 0] for part in parts]
    return _alike(pd.concat(doubted).explode("doubts").rename(columns={"doubts": "doubt"}), "doubt")


def _alike(frame: "pd.DataFrame", column: str) -> "pd.DataFrame":
    """Return a table in which sentences that differ in a number or a name alone are one."""
    said = {one: clean(without_details(str(one))) for one in frame[column].unique()}
    return frame.assign(**{column: frame[column].map(said)})


def _remarks(recordings: "pd.DataFrame") -> "pd.DataFrame":
    """Return a row for each warning of each recording: ``recording`` and ``warning``."""
    warned = recordings.loc[recordings["warnings"].str.len() > 0, ["recording", "warnings"]]
    return _alike(warned.explode("warnings").rename(columns={"warnings": "warning"}), "warning")


def _n_values(study: StudyTables) -> int:
    return sum(map(len, study.measurements.values()))


def _lead(study: StudyTables, doubts: "pd.DataFrame") -> Iterator[str]:
    channels = study.quality
    n_usable = int(channels["usable"].sum())
    yield f"{n_usable:,} of {counted(len(channels), 'channel')} could be used."
    n_doubted = doubts.index.nunique() if len(doubts) else 0
    yield (
        f"{n_doubted:,} of {counted(_n_values(study), 'value')} carry a doubt. Values with doubts are used on this "
        "page, and counted in the table of doubts."
    )


def _plots(channels: "pd.DataFrame") -> Iterator[Plot]:
    yield from _noise(channels)
    yield _shares(channels)


def _noise(channels: "pd.DataFrame") -> Iterator[Plot]:
    """Draw the noise of the channels in each unit that there is noise in, a row a kind of channel."""
    known = channels[channels["noise_rms"].notna() & (channels["noise_rms"] > 0) & channels["usable"]]
    for at, (unit, of_unit) in enumerate(known.groupby("unit")):
        shown = shown_in(str(unit), float(of_unit["noise_rms"].median()))
        parts = {str(kind): part["noise_rms"].to_numpy() for kind, part in of_unit.groupby("kind")}
        found = {kind: summary_of(values) for kind, values in parts.items()}
        rows = [
            StripRow(
                label=kind.replace("_", " "),
                said=f"median {shown.said(found[kind].median)}, n {found[kind].n:,}",
                values=shown.of(values),
                bounds=np.empty(0),
                quartiles=tuple(shown.of(np.array([getattr(found[kind], q) for q in ("first", "median", "third")]))),
            )
            for kind, values in parts.items()
        ]
        name = f"{ID}-noise{at}"
        svg = strips_svg(rows, name, f"noise at rest (RMS){shown.in_brackets}", is_log=True, from_zero=False)
        said = "; ".join(f"{kind}: {one.said(shown)}" for kind, one in found.items())
        yield Plot(
            id=name,
            heading="Noise at rest" if at == 0 else f"Noise at rest in {shown.name}",
            drawing=Drawing(
                svg=Markup(svg),  # noqa: S704 - made by the figures module, which escapes its labels
                alt=f"Noise at rest by kind of channel, median and range. {said}.",
                caption=f"{points_said(rows, 'channel')} Small signals drown in high noise: less is found there.",
            ),
            numbers=table_of(
                "Noise at rest (RMS)",
                ("Kind of channel", "Channels", "Median (range)"),
                [(kind, f"{one.n:,}", one.said(shown)) for kind, one in found.items()],
            ),
        )


def _shares(channels: "pd.DataFrame") -> Plot:
    """Draw the share of each channel that cannot be used or is hum; the many that have none are only counted."""
    rows, numbers = [], []
    for name, label in _SHARES.items():
        percent = _PERCENT * channels[name].dropna().to_numpy()
        some = percent[percent >= _LEAST_DRAWN]
        found = summary_of(some)
        worst = f"largest {number(found.most)}%" if some.size else "none"
        rows.append(
            StripRow(
                label=label.partition(" (")[0].partition(",")[0],
                said=f"{some.size:,} of {percent.size:,} channels; {worst}" if some.size else "no channel",
                values=some,
                bounds=np.empty(0),
                quartiles=None,
            )
        )
        median = f"{number(found.median)}%" if some.size else "-"
        numbers.append(
            (label, f"{some.size:,} of {percent.size:,}", median, f"{number(found.most)}%" if some.size else "-")
        )
    svg = strips_svg(rows, f"{ID}-shares", "percent of samples (hum: of power)", is_log=True, from_zero=False)
    return Plot(
        id=f"{ID}-shares",
        heading="Clipped, flat, missing, hum",
        drawing=Drawing(
            svg=Markup(svg),  # noqa: S704 - as above
            alt="Shares of the channels. " + "; ".join(f"{row.label}: {row.said}" for row in rows) + ".",
            caption=f"{points_said(rows, 'channel')} Channels with none are not drawn. The scale is one of ratios.",
        ),
        numbers=table_of(
            "Shares that cannot be used, and hum",
            ("What", "Channels that have some", "Median of these", "Largest"),
            numbers,
        ),
    )


def _tables(study: StudyTables, doubts: "pd.DataFrame") -> Iterator[Table]:
    rows = list(_not_to_lean_on(study, doubts))
    if rows:
        yield table_of(
            f"Recordings not to lean on without a look: {len(rows):,} of {len(study.recordings):,}",
            ("Recording", "Why"),
            rows,
            where="quality.parquet",
            is_folded=len(rows) > 10,  # noqa: PLR2004 - more would hide what follows
        )
    if len(doubts):
        yield table_of(
            "Doubts by how many values carry them (… stands for numbers and names)",
            ("Doubt", "Values", "Recordings", "Quantities"),
            _doubt_rows(doubts),
            where="measurements.parquet",
            most=_MOST_SAID,
        )
    remarks = _remarks(study.recordings)
    if len(remarks):
        yield table_of(
            "Remarks by how many recordings have them",
            ("Remark", "Recordings", "Which"),
            _remark_rows(remarks),
            where="recordings.parquet",
            most=_MOST_SAID,
            is_folded=True,
        )


def _remark_rows(remarks: "pd.DataFrame") -> Iterator[tuple[str, ...]]:
    counts = remarks["warning"].value_counts()
    for remark, part in sorted(remarks.groupby("warning"), key=lambda one: -int(counts[one[0]])):
        names = [clean(str(name)) for name in part["recording"].unique()]
        yield str(remark), f"{len(names):,}", listed_shortly(names, 3)


def _doubt_rows(doubts: "pd.DataFrame") -> Iterator[tuple[str, ...]]:
    counts = doubts["doubt"].value_counts()
    for doubt, part in sorted(doubts.groupby("doubt"), key=lambda one: -int(counts[one[0]])):
        names = sorted(set(part["quantity"]))
        yield str(doubt), f"{len(part):,}", f"{part['recording'].nunique():,}", listed_shortly(names, 3)


def _not_to_lean_on(study: StudyTables, doubts: "pd.DataFrame") -> Iterator[tuple[str, str]]:
    """Give each recording with channels that could not be used, or values that all are doubtful."""
    reasons: dict[str, list[str]] = {}
    for recording, why in (*_unusable(study.quality), *_doubtful(study, doubts)):
        reasons.setdefault(recording, []).append(why)
    for recording in sorted(reasons, key=lambda one: (-len(reasons[one]), one)):
        yield clean(recording), " ".join(dict.fromkeys(reasons[recording]))


def _unusable(channels: "pd.DataFrame") -> Iterator[tuple[str, str]]:
    totals = channels.groupby("recording").size()
    for recording, part in channels[~channels["usable"].astype(bool)].groupby("recording"):
        said = [clean(str(reason)) for reason in part["reason"].dropna().unique() if reason]
        yield str(recording), f"{len(part):,} of {totals[recording]:,} channels not used: {_sentences(said)}"


def _sentences(said: Sequence[str]) -> str:
    shown = " ".join(said[:3])  # one recording has a handful of reasons at most
    return shown or "no reason is kept."


def _doubtful(study: StudyTables, doubts: "pd.DataFrame") -> Iterator[tuple[str, str]]:
    if doubts.empty:
        return
    totals = sum_by_recording(study)
    first = doubts[~doubts.index.duplicated()]
    for recording, n_doubted in first.groupby("recording").size().items():
        if n_doubted == totals[str(recording)]:
            common = doubts.loc[doubts["recording"] == recording, "doubt"].value_counts().index[0]
            yield str(recording), f"Every value carries a doubt, most often: {str(common).rstrip('.')}."


def sum_by_recording(study: StudyTables) -> dict[str, int]:
    """Return how many values there are of each recording."""
    totals: dict[str, int] = {}
    for frame in study.measurements.values():
        for name, count in frame["recording"].value_counts().items():
            totals[str(name)] = totals.get(str(name), 0) + int(count)
    return totals


def _data(study: StudyTables, doubts: "pd.DataFrame") -> dict[str, object]:
    channels = study.quality
    return {
        "n_channels": len(channels),
        "n_usable": int(channels["usable"].sum()),
        "n_values": _n_values(study),
        "n_doubted": doubts.index.nunique() if len(doubts) else 0,
        "shares_largest": {name: _largest(channels[name].dropna().to_numpy()) for name in _SHARES},
        "doubts": {str(doubt): int(count) for doubt, count in doubts["doubt"].value_counts().items()},
        "remarks": {
            str(one): int(count) for one, count in _remarks(study.recordings)["warning"].value_counts().items()
        },
        "not_to_lean_on": dict(_not_to_lean_on(study, doubts)),
    }


def _largest(shares: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float | None:
    return float(shares.max()) if shares.size else None
