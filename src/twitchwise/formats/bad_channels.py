"""Sets channels aside that a person marked as bad: they stay in the recording, as no EMG, so that none is measured."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from twitchwise.formats.channel_kind import kind_of
from twitchwise.formats.draft import ChannelDraft, first_few
from twitchwise.formats.unit_text import parse_unit
from twitchwise.vocabulary import ChannelKind, UnreadableRecordingError
from twitchwise.vocabulary.text import say

_MOST_NAMED = 6


def set_aside(
    drafts: Sequence[ChannelDraft], bad: Mapping[str, str], *, marked_by: str, typed: str
) -> tuple[list[ChannelDraft], tuple[str, ...]]:
    """Return the channels with those of `bad` as of another kind, and what must be said about it.

    Parameters
    ----------
    drafts
        All channels.
    bad
        Names of bad channels, each with why, which may be empty.
    marked_by
        What marks them, as the start of a sentence.
    typed
        The recording as a refusal names it.

    Raises
    ------
    UnreadableRecordingError
        If no other channel is left that is known to measure something.
    """
    marked = [draft.name for draft in drafts if draft.name in bad]
    if not marked:
        return list(drafts), ()
    kept = [replace(draft, kind=ChannelKind.OTHER) if draft.name in bad else draft for draft in drafts]
    if all(_kind(draft) is ChannelKind.OTHER for draft in kept):
        raise UnreadableRecordingError(
            say(
                "{file!r} must have a channel that is not bad, but {marked_by} marks all as bad: {channels}.",
                file=typed,
                marked_by=marked_by,
                channels=_listed(marked, bad),
            )
        )
    said = say(
        "{marked_by} marks channels as bad, so they were not taken for EMG: {channels}.",
        marked_by=marked_by,
        channels=_listed(marked, bad),
    )
    return kept, (said,)


def _kind(draft: ChannelDraft) -> ChannelKind:
    return draft.kind or kind_of(draft.name, draft.hint, parse_unit(draft.unit_text or "").unit)


def _listed(names: Sequence[str], why: Mapping[str, str]) -> str:
    return first_few([f"{name} ({why[name]})" if why[name] else name for name in names], _MOST_NAMED)
