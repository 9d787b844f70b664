"""What a study cannot tell, said at the top of its page and not in small print."""

from collections.abc import Iterator

from twitchwise.knowledge import library
from twitchwise.report.study.parts import counted
from twitchwise.report.study.reading import ALL, GROUP, NO_GROUP, PERSON, StudyTables

ONCE = (
    "Every participant was seen once: how well a value repeats itself and which change is beyond chance cannot be told."
)


def _few_participants() -> int:
    """Return the size of a group below which it is said to be small."""
    return round(library().value("study_participants_few"))


def limits_of(study: StudyTables) -> tuple[str, ...]:
    """Return what this study cannot tell, one sentence each."""
    return tuple(_limits(study))


def _limits(study: StudyTables) -> Iterator[str]:
    yield from _few(study)
    if study.groups == (ALL,):
        yield "No groups are named, so nothing is said about how patients differ from anyone else."
    elif len(study.groups) == 1:
        yield f"There is one group ({study.groups[0]}) and nobody to compare it with."
    if NO_GROUP in study.groups and len(study.groups) > 1:
        count = int((study.participants[GROUP] == NO_GROUP).sum())
        yield f"{counted(count, 'participant is', 'participants are')} in no group that has a name, and shown apart."
    yield from _visits(study)
    n_failed = int((study.recordings["state"] != "measured").sum())
    if n_failed:
        of_all = f"{n_failed:,} of {counted(len(study.recordings), 'recording')}"
        yield f"{of_all} could not be measured; those that could may differ from them."


def _few(study: StudyTables) -> Iterator[str]:
    least, sizes = _few_participants(), study.participants[GROUP].value_counts()
    few = [
        f"{group} ({sizes[group]})" if group != ALL else f"the study ({sizes[group]})"
        for group in study.groups
        if sizes[group] < least
    ]
    if few:
        yield (
            f"Fewer than {least} participants: {', '.join(few)}. Medians, ranges and intervals then describe these "
            "people and say little about others; a difference that is not seen may well be there."
        )


def _visits(study: StudyTables) -> Iterator[str]:
    visits = study.recordings.groupby(PERSON)["session"].nunique()
    n_again = int((visits > 1).sum())
    if not n_again:
        yield ONCE
    elif n_again < _few_participants():
        again = counted(n_again, "participant was", "participants were")
        yield f"Only {again} seen twice or more, too few to say how well a value repeats itself."
