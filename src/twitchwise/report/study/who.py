"""Who took part in a study: groups, sex, age, visits, and which recordings are there, missing or failed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from twitchwise.report.display import number
from twitchwise.report.drawings import Drawing
from twitchwise.report.study.figures import MOST_CELLS, matrix_svg
from twitchwise.report.study.numbers import Summary, plain, summary_of
from twitchwise.report.study.parts import Plot, Section, Table, counted, listed_shortly, table_of
from twitchwise.report.study.reading import GROUP, PERSON, VISIT, StudyTables

if TYPE_CHECKING:
    import pandas as pd

ID = "who"
_AGES, _SEXES = ("age", "age_years"), ("sex", "gender")
MISSING, FAILED, PARTLY, THERE = "missing", "failed", "in part", "measured"


def who_section(study: StudyTables) -> Section:
    """Return who took part."""
    states = _states(study)
    group_rows = [_group_row(group, study) for group in study.groups]
    return Section(
        id=ID,
        title="Who",
        lead=tuple(_lead(study)),
        plots=_matrix(study, states),
        tables=(
            table_of(
                "Participants by group",
                ("Group", "Participants", "Visits each", "Recordings measured", "Sex", "Age in years, median (range)"),
                group_rows,
            ),
            *_incomplete(study, states),
        ),
        data=_data(study, states),
    )


def _lead(study: StudyTables) -> Iterator[str]:
    n_people, n_recordings = len(study.participants), len(study.recordings)
    n_measured = int((study.recordings["state"] == "measured").sum())
    measured = "all of them" if n_measured == n_recordings else f"{n_measured:,} of them"
    yield (
        f"{counted(n_recordings, 'recording')} of {counted(n_people, 'participant')} at "
        f"{counted(len(study.visits), 'visit')}; {measured} could be measured."
    )
    if study.n_nameless:
        yield (
            f"{counted(study.n_nameless, 'recording names', 'recordings name')} no participant, and each is taken for "
            "one of its own. If some are of the same person, every number of people here is too large, and "
            "intervals are too narrow."
        )
    missing = [what for what, names in (("age", _AGES), ("sex", _SEXES)) if _column(study, names) is None]
    if missing:
        yield f"The tables of the study do not say the {' and the '.join(missing)} of participants."


def _column(study: StudyTables, names: tuple[str, ...]) -> str | None:
    """Return the name of the first of some columns that the study has and that says something."""
    frame = study.recordings
    return next((name for name in names if name in frame and frame[name].notna().any()), None)


def _group_row(group: str, study: StudyTables) -> tuple[str, ...]:
    recordings = study.recordings[study.recordings[GROUP] == group]
    people = recordings.drop_duplicates(PERSON)
    visits = summary_of(np.array(recordings.groupby(PERSON)[VISIT].nunique(), dtype=float))
    measured = int((recordings["state"] == "measured").sum())
    return (
        group,
        f"{len(people):,}",
        _range(visits),
        f"{measured:,} of {len(recordings):,}",
        _sexes(people, _column(study, _SEXES)),
        _ages(people, _column(study, _AGES)),
    )


def _range(visits: Summary) -> str:
    least, most = f"{visits.least:.0f}", f"{visits.most:.0f}"
    return least if least == most else f"{least} to {most}"


def _sexes(people: "pd.DataFrame", column: str | None) -> str:
    if column is None:
        return "not said"
    counts = people[column].astype("str").where(people[column].notna(), "not said").value_counts().sort_index()
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def ages_of(people: "pd.DataFrame", column: str | None) -> Summary | None:
    """Return the ages of participants, ``None`` where they are not said as numbers."""
    import pandas as pd  # noqa: PLC0415 - loads when a study is read

    if column is None:
        return None
    ages = summary_of(pd.to_numeric(people[column], errors="coerce").to_numpy(dtype=float))
    return ages if ages.n else None


def _ages(people: "pd.DataFrame", column: str | None) -> str:
    ages = ages_of(people, column)
    if ages is None:
        return "not said"
    unsaid = len(people) - ages.n
    said = f"{number(ages.median)} ({number(ages.least)} to {number(ages.most)})"
    return f"{said}; {unsaid:,} not said" if unsaid else said


def _states(study: StudyTables) -> "pd.DataFrame":
    """Return what became of each participant's visits: a row a participant, a column a visit."""
    frame = study.recordings.assign(is_measured=study.recordings["state"] == "measured")
    shares = frame.pivot_table(index=PERSON, columns=VISIT, values="is_measured", aggfunc="mean")
    states = shares.map(lambda share: THERE if share == 1 else FAILED if share == 0 else PARTLY, na_action="ignore")
    people = study.participants.sort_values([GROUP, PERSON])[PERSON]
    found: pd.DataFrame = states.fillna(MISSING).reindex(index=people, columns=list(study.visits))
    return found


def _matrix(study: StudyTables, states: "pd.DataFrame") -> tuple[Plot, ...]:
    counts = {state: int((states == state).to_numpy().sum()) for state in (THERE, PARTLY, FAILED, MISSING)}
    said = ", ".join(f"{count:,} {state}" for state, count in counts.items() if count)
    if states.size > MOST_CELLS or states.size == 1:
        return ()
    svg = matrix_svg(states.to_numpy().tolist(), study.visits, ID)
    drawing = Drawing(
        svg=Markup(svg),  # noqa: S704 - made by the figures module, which escapes its labels
        alt=f"Visits of {counted(len(states), 'participant')}: {said}.",
        caption=(
            f"Each mark is one visit of one participant: {said}. Participants stand from left to right in the order of "
            f"their groups ({listed_shortly(study.groups)}) and names, visits one below the other."
        ),
    )
    return (Plot(id=f"{ID}-visits", heading="What is there", drawing=drawing, numbers=_by_visit(study, states)),)


def _by_visit(study: StudyTables, states: "pd.DataFrame") -> Table:
    rows = [
        (visit, *(f"{int((states[visit] == state).sum()):,}" for state in (THERE, PARTLY, FAILED, MISSING)))
        for visit in study.visits
    ]
    return table_of("Participants by visit", ("Visit", "Measured", "In part", "Failed", "Missing"), rows)


def _incomplete(study: StudyTables, states: "pd.DataFrame") -> tuple[Table, ...]:
    lacking = states[(states != THERE).any(axis=1)]
    if lacking.empty:
        return ()
    rows = [(str(name), *row) for name, row in zip(lacking.index, lacking.to_numpy().tolist(), strict=True)]
    caption = f"Participants of whom something is missing or failed: {len(lacking):,} of {len(states):,}"
    columns = ("Participant", *(f"Visit {visit}" for visit in study.visits))
    return (table_of(caption, columns, rows, where="recordings.parquet", is_folded=True),)


def _data(study: StudyTables, states: "pd.DataFrame") -> dict[str, object]:
    flat = states.to_numpy().ravel().tolist()
    return {
        "n_participants": len(study.participants),
        "n_recordings": len(study.recordings),
        "n_without_participant": study.n_nameless,
        "visits": list(study.visits),
        "visit_states": {state.replace(" ", "_"): flat.count(state) for state in (THERE, PARTLY, FAILED, MISSING)},
        "groups": [_group_data(group, study) for group in study.groups],
    }


def _group_data(group: str, study: StudyTables) -> dict[str, object]:
    people = study.participants[study.participants[GROUP] == group]
    ages, sex = ages_of(people, _column(study, _AGES)), _column(study, _SEXES)
    return {
        "group": group,
        "n_participants": len(people),
        "sex": None if sex is None else {str(name): int(n) for name, n in people[sex].value_counts().items()},
        "age_median": None if ages is None else plain(ages.median),
    }
