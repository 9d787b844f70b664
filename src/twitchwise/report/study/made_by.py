"""What could not be measured, and with which settings and versions the rest was."""

from collections.abc import Iterator, Mapping, Sequence

from twitchwise.report.display import clean
from twitchwise.report.study.parts import Section, counted, listed_shortly, table_of
from twitchwise.report.study.quantities import Slot
from twitchwise.report.study.reading import StudyTables

FAILURES_ID, MADE_ID = "failures", "made-by"
_KINDS = {
    "refused": "Refused: the recording cannot be measured with these settings.",
    "changed": "Changed: a file changed while it was measured. Run the study again.",
    "fault": "Fault: the program failed, or something that it needs is missing.",
    "lost": "Lost: the processes that measured it ended again and again, for example for want of memory.",
}


def failures_section(study: StudyTables) -> Section:
    """Return what could not be measured, each with its sentence."""
    failures = study.failures
    if failures.empty:
        return Section(id=FAILURES_ID, title="Failures", lead=("Every recording was measured.",))
    rows = []
    for (kind, sentence), part in failures.groupby(["kind", "sentence"], dropna=False):
        names = [clean(str(name)) for name in part["recording"]]
        rows.append((str(kind), clean(str(sentence)), f"{len(names):,}", listed_shortly(names, 5)))
    of_all = f"{len(failures):,} of {counted(len(study.recordings), 'recording')}"
    lead = f"{of_all} could not be measured. Nothing else on this page is about them."
    return Section(
        id=FAILURES_ID,
        title="Failures",
        lead=(lead, *(_KINDS[kind] for kind in _KINDS if kind in set(failures["kind"]))),
        tables=(
            table_of(
                "What was not measured, and why",
                ("Kind", "Why", "Recordings", "Which"),
                sorted(rows, key=lambda row: -int(row[2].replace(",", ""))),
                where="failures.parquet",
            ),
        ),
        closing=("Where one group fails more often than another, those that are left may not be alike.",),
        data={str(kind): int(count) for kind, count in failures["kind"].value_counts().items()},
    )


def made_by_section(study: StudyTables, slots: Sequence[Slot], methods: Sequence[str]) -> Section:
    """Return settings and versions, and how what is drawn was found."""
    made = study.made
    if not made:
        lead = "The folder has no study.json, so settings and versions are not known."
        return Section(id=MADE_ID, title="Settings and versions", lead=(lead,))
    return Section(
        id=MADE_ID,
        title="Settings and versions",
        lead=tuple(clean(str(one)) for one in _texts(made.get("warnings"))),
        tables=(
            table_of("What the tables were made with", ("What", "Value"), _settings(made)),
            table_of("How what is drawn was found", ("Quantity", "Method"), _methods(slots, methods), is_folded=True),
        ),
        data=dict(made),
    )


def _texts(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _settings(made: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    yield from _flat("", {name: value for name, value in made.items() if name not in {"warnings", "notice"}})


def _flat(before: str, value: object) -> Iterator[tuple[str, str]]:
    """Give nested settings as one name and value each, without what was not set."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(f"{before}, {name}" if before else str(name), inner)
    elif value not in (None, "", [], False):
        said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        yield clean(before.replace("_", " ")), clean(said)


def _methods(slots: Sequence[Slot], methods: Sequence[str]) -> Iterator[tuple[str, str]]:
    for slot in slots:
        said = [clean(str(one)) for one in slot.frame["method"].dropna().unique()[:3]]
        yield slot.label, " ".join(said)
    for method in methods:
        yield "Statistics", method
