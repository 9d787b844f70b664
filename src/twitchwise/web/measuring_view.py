"""What the pages say of recordings of a visit that are measured in the background, one whole sentence each."""

from collections.abc import Iterator
from dataclasses import dataclass

from twitchwise.report.display import clean
from twitchwise.report.languages import tell
from twitchwise.vocabulary.text import Text, say, say_many, together
from twitchwise.web.measurings import Measuring, MeasuringStore, Stage

QUARTERS = 4  # of the way are told to those who listen to the page, and no more
MINUTE_S = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class UnderWay:
    """A recording that is measured or waits to be, as a page shows it."""

    id: str
    name: str
    said: str
    share: float
    step: int


def under_way(store: MeasuringStore, measurings: tuple[Measuring, ...]) -> list[UnderWay]:
    """Return how far each recording is."""
    return [
        UnderWay(
            id=one.id,
            name=clean(one.name),
            said=tell(together(_sentences(one, store.n_before(one)))),
            share=one.share,
            step=-1 if one.stage is Stage.WAITING else int(QUARTERS * one.share),
        )
        for one in measurings
    ]


def not_yet_in_words(measuring: Measuring) -> Text:
    """Say of a recording that a result does not use it, and why."""
    name = clean(measuring.name)
    if measuring.is_working:
        return say("{name} is still being measured, so this result does not use it yet.", name=name)
    return say("{name} could not be measured, so this result does not use it.", name=name)


def refusal_in_words(measuring: Measuring) -> Text:
    """Say of a recording that could not be measured why."""
    return say("This recording could not be used: {why}", why=measuring.refusal)


def _sentences(measuring: Measuring, n_before: int) -> Iterator[Text]:
    if measuring.stage is Stage.WAITING:
        yield _line_in_words(n_before)
        return
    if not measuring.share:
        yield say("The file is being read.")
        return
    yield say("It is being measured, and {share:.0%} is done.", share=measuring.share)
    left_s = measuring.left_s
    if left_s is not None:
        yield left_in_words(left_s)


def _line_in_words(n_before: int) -> Text:
    if n_before == 0:
        return say("It waits in line, and its turn is next.")
    return say_many(
        "It waits in line, and {count} other is before it.",
        "It waits in line, and {count} others are before it.",
        count=n_before,
    )


def left_in_words(seconds: float) -> Text:
    """Say about how long it will take.

    Examples
    --------
    >>> left_in_words(20), left_in_words(70), left_in_words(150)
    ('Less than a minute is left.', 'About 1 minute is left.', 'About 3 minutes are left.')
    """
    if seconds < MINUTE_S:
        return say("Less than a minute is left.")
    minutes = int(seconds / MINUTE_S + 0.5)
    return say_many("About {count} minute is left.", "About {count} minutes are left.", count=minutes)
