"""When a study is told that it has too few data, and in which words."""

from twitchwise.knowledge import library


def few_participants(number: int, of: str = "the study", noun: str = "participant") -> tuple[str, ...]:
    """Return the warning that participants (or what else is counted) are few, where they are."""
    least = library().value("study_participants_few")
    if number >= least:
        return ()
    return (
        (
            f"Only {counted(number, noun)} in {of}; with fewer than {least:.0f} the intervals lean on "
            "the assumed shape of the distribution."
        ),
    )


def few_repeats(freedom: int) -> tuple[str, ...]:
    """Return the warning that repeats within participants are few, where they are."""
    least = library().value("study_repeats_few")
    if freedom >= least:
        return ()
    return (
        (
            f"The error of measurement comes from only {counted(freedom, 'repeat')} beyond the first value of each "
            f"participant; with fewer than {least:.0f} the detectable change may be wrong by more than a third."
        ),
    )


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, for example ``1 participant`` or ``3 participants``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
