"""The answers to a study's questions as plain text and as plain values."""

import dataclasses
import math
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from twitchwise.cohort.questions.agreement import Agreement
from twitchwise.cohort.questions.change import Changes, ParticipantChange
from twitchwise.cohort.questions.estimate import Estimate
from twitchwise.cohort.questions.few import counted
from twitchwise.cohort.questions.groups import GroupComparison
from twitchwise.cohort.questions.reliability import Reliability

Answer: TypeAlias = Agreement | Changes | GroupComparison | Reliability
_WIDTH = 120
_DIGITS = 3
_SMALL_P = 0.001


def as_text(answer: Answer) -> str:
    """Return an answer as plain text: a heading, sentences, a table and warnings; lines of at most 120 characters.

    Names of participants or groups that are longer than a line are not broken.
    """
    title, sentences, rows = _parts(answer)
    blocks = [f"{title}\n{'-' * min(len(title), _WIDTH)}", _wrapped(sentences)]
    if len(rows) > 1:
        blocks.append(table_in_words(rows))
    blocks.append(_wrapped([f"Method: {answer.method}"]))
    blocks += [_wrapped([f"Warning: {one}"]) for one in answer.warnings]
    return "\n\n".join(blocks) + "\n"


def as_plain(answer: Answer) -> dict[str, object]:
    """Return an answer as plain values for JSON; what is not known or infinite is ``None``.

    Examples
    --------
    >>> from twitchwise.cohort.questions.agreement import bland_altman
    >>> as_plain(bland_altman([1, 2, 3], [1, 2, 4]))["n_pairs"]
    3
    """
    return {"question": type(answer).__name__, **_plain_fields(answer)}


def _plain_fields(value: object) -> dict[str, object]:
    fields = dataclasses.fields(value)  # type: ignore[arg-type]
    return {field.name: _plain(getattr(value, field.name)) for field in fields}


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value):
        return _plain_fields(value)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value


def number_in_words(value: float) -> str:
    """Return a number with three digits, for example ``0.0123``, ``12.3``, ``1230``; a dash where it is not known."""
    if math.isnan(value):
        return "-"
    if math.isinf(value):
        return "infinite" if value > 0 else "-infinite"
    if value == 0:
        return "0"
    if abs(value) < 10**-_DIGITS:
        return f"{value:.2e}"
    rounded = float(f"{value:.{_DIGITS}g}")
    return f"{rounded:.{max(_DIGITS - 1 - math.floor(math.log10(abs(rounded))), 0)}f}"


def estimate_in_words(estimate: Estimate, unit: str = "1") -> str:
    """Return a number with its 95 % interval, for example ``12.3 (10.1 to 14.6) 1/min``."""
    value = number_in_words(estimate.value)
    after = "" if unit == "1" else f" {unit}"
    if math.isnan(estimate.low) or math.isnan(estimate.high):
        return value + (after if estimate.known else "")
    return f"{value} ({number_in_words(estimate.low)} to {number_in_words(estimate.high)}){after}"


def table_in_words(rows: Sequence[Sequence[str]]) -> str:
    """Return rows, the first of them headings, as columns of text."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _wrapped(sentences: Iterable[str]) -> str:
    return "\n".join(textwrap.fill(one, _WIDTH, break_long_words=False, break_on_hyphens=False) for one in sentences)


def _parts(answer: Answer) -> tuple[str, list[str], list[list[str]]]:
    """Return heading, sentences and table of an answer."""
    if isinstance(answer, Agreement):
        return _agreement(answer)
    if isinstance(answer, Reliability):
        return _reliability(answer)
    if isinstance(answer, Changes):
        return _changes(answer)
    return _groups(answer)


def _agreement(answer: Agreement) -> tuple[str, list[str], list[list[str]]]:
    kind = "over" if answer.as_ratio else "less"
    sentences = [
        (
            f"{answer.first} {kind} {answer.second}, from {counted(answer.n_pairs, 'pair')} of "
            f"{counted(answer.n_participants, 'participant')}. 95 % of new pairs are expected between the limits."
        )
    ]
    names = {"bias": answer.bias, "lower limit": answer.lower, "upper limit": answer.upper}
    rows = [["", "value (95 % interval)"]]
    rows += [[name, estimate_in_words(one, answer.unit)] for name, one in names.items()]
    rows.append(["change of the difference per unit of the mean", estimate_in_words(answer.slope)])
    return f"Agreement of {answer.first} and {answer.second}", sentences, rows


def _reliability(answer: Reliability) -> tuple[str, list[str], list[list[str]]]:
    unit = "1" if answer.on_log else answer.unit
    scale = "times" if answer.on_log else "a change of"
    sentences = [
        (
            f"{counted(answer.n_participants, 'participant')} with {counted(answer.n_values, 'value')} of "
            f"{counted(answer.n_visits, 'visit')}, mean {number_in_words(answer.mean)}{_after(answer.unit)}."
        ),
        (
            f"In one participant, {scale} less than {estimate_in_words(answer.mdc95, unit)} may be chance "
            f"({estimate_in_words(answer.mdc95_percent, '%')} of the mean)."
        ),
    ]
    rows = [["", "value (95 % interval)", "meaning"]]
    rows += [[one.form, estimate_in_words(one.correlation), one.meaning] for one in answer.intraclass]
    rows.append(["SEM", estimate_in_words(answer.sem, unit), "standard error of measurement"])
    rows.append(["MDC95", estimate_in_words(answer.mdc95, unit), "minimum detectable change of one participant"])
    return f"Reliability of {answer.quantity}", sentences, rows


def _after(unit: str) -> str:
    return "" if unit == "1" else f" {unit}"


def _changes(answer: Changes) -> tuple[str, list[str], list[list[str]]]:
    unit = "1" if answer.as_ratio else answer.unit
    mean = "Ratio of rates" if answer.as_ratio else "Mean change"
    limit = (
        "" if answer.mdc is None else f" Minimum detectable change {number_in_words(answer.mdc)}{_after(answer.unit)}."
    )
    sentences = [
        (
            f"{counted(answer.n_participants, 'participant')}, {counted(answer.n_changes, 'change')}; "
            f"{answer.n_beyond} beyond what the measurement differs by itself.{limit} {answer.mdc_from}"
        ),
        f"{mean} of the group: {estimate_in_words(answer.mean, unit)}.",
    ]
    rows = [["participant", "side", "group", answer.start, answer.end, "change (95 % interval)", "beyond"]]
    rows += [_change_row(one, unit) for one in answer.changes]
    return f"Change of {answer.quantity} from {answer.start} to {answer.end}", sentences, rows


def _change_row(one: ParticipantChange, unit: str) -> list[str]:
    return [
        one.participant,
        one.side or "-",
        one.group or "-",
        number_in_words(one.start),
        number_in_words(one.end),
        estimate_in_words(one.change, unit),
        "yes" if one.beyond else "no",
    ]


def _groups(answer: GroupComparison) -> tuple[str, list[str], list[list[str]]]:
    adjusted = f", adjusted for {', '.join(answer.covariates)}" if answer.covariates else ""
    sentences = [
        (
            f"{counted(answer.n_participants, 'participant')} with {counted(answer.n_values, 'value')}{adjusted}; each "
            f"group {'over' if answer.as_ratio else 'less'} {answer.reference}."
        )
    ]
    if answer.over_dispersion is not None:
        alpha = estimate_in_words(answer.over_dispersion.alpha)
        sentences.append(
            f"Over-dispersion {alpha}, test against events at random p {_p_in_words(answer.over_dispersion.p_value)}."
        )
    effect = "ratio (95 % interval)" if answer.as_ratio else "difference (95 % interval)"
    rows = [["group", "participants", "values", "level (95 % interval)", effect, "p"], *_group_rows(answer)]
    return f"{answer.quantity} of groups", sentences, rows


def _group_rows(answer: GroupComparison) -> Iterator[list[str]]:
    effects = {one.group: one for one in answer.effects}
    unit = "1" if answer.as_ratio else answer.unit
    for one in answer.groups:
        against = effects.get(one.group)
        found = ["reference", ""]
        if against is not None:
            found = [estimate_in_words(against.effect, unit), _p_in_words(against.p_value)]
        level = estimate_in_words(one.level, answer.unit)
        yield [one.group, str(one.n_participants), str(one.n_values), level, *found]


def _p_in_words(p_value: float) -> str:
    if math.isnan(p_value):
        return "-"
    return "< 0.001" if p_value < _SMALL_P else f"{p_value:.3f}"
