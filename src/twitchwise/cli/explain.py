"""``twitchwise explain``: what is known of a condition, with its sources."""

import difflib
from typing import Annotated

import typer

from twitchwise.cli.output import print_text
from twitchwise.knowledge import library
from twitchwise.vocabulary import OutOfRangeError


def explain(
    condition: Annotated[str, typer.Argument(help="Id of a condition or of a popular claim, such as eyelid_myokymia.")],
) -> None:
    """Explain a condition (what happens, what is seen, how urgent, what helps) or what is known of a popular claim."""
    known = library()
    if condition in known.claims:
        from twitchwise.report import claim_as_text  # noqa: PLC0415 - rich loads when there is text to print

        print_text(claim_as_text(known.claims[condition], known))
        return
    if condition not in known.conditions:
        near = difflib.get_close_matches(condition, [*known.conditions, *known.claims])
        hint = f"; did you mean {near[0]!r}?" if near else "; see 'twitchwise knowledge list'."
        raise OutOfRangeError(f"condition must be a known one, got {condition!r}{hint}")
    from twitchwise.report import condition_as_text  # noqa: PLC0415 - rich loads when there is text to print

    print_text(condition_as_text(known.conditions[condition], known))
