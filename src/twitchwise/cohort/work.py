"""Measures one recording of a study in whichever process, and says what became of it.

What comes back is small and whole: rows of the tables, and the recording in a few words. Nothing is written here but
scratch files, so that a process may end at any time.
"""

import tempfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import msgspec

from twitchwise.cohort.columns import EDITION, EVENTS
from twitchwise.cohort.digest import digest_of
from twitchwise.cohort.fetching import ChangedError, fetched
from twitchwise.cohort.stored import StudyRecording
from twitchwise.examine import ExaminedRecording, MeasuringOrder
from twitchwise.examine.examination import examine_as_ordered, examine_opened
from twitchwise.examine.reopened import read_to_send
from twitchwise.vocabulary import KnowledgeError, MissingExtraError, TwitchwiseError

if TYPE_CHECKING:
    import pyarrow as pa

    from twitchwise.measure.spreading import Spread

Progress = Callable[[float], None]
_DIGEST_BYTES, _SHORT = 32, 20


class State(StrEnum):
    """What became of a recording."""

    MEASURED = "measured"
    REFUSED = "refused"
    """It cannot be measured; so it is whenever it is tried again with the same settings."""
    CHANGED = "changed"
    """A file of it changed while it was measured."""
    FAULT = "fault"
    """This program has a fault, or something that it needs is missing."""
    LOST = "lost"
    """The processes that measured it ended, again and again."""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """A recording in a few words, as the table of recordings has them."""

    format: str | None = None
    start: str | None = None
    duration_s: float | None = None
    n_channels: int | None = None
    summary: str | None = None
    warnings: list[str] = []
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """A recording that is to be measured.

    Parameters
    ----------
    recording
        Where it lies.
    order
        What its files do not say, and what to look for.
    settings
        Digest of everything but the recording that a result depends on.
    known
        Short keys of the results that are there.
    is_cut
        Whether it is long enough to be cut into pieces for several processes.
    """

    recording: StudyRecording
    order: MeasuringOrder
    settings: str
    known: frozenset[str] = field(default=frozenset(), repr=False)
    is_cut: bool = False

    @property
    def name(self) -> str:
        """The name of the recording."""
        return self.recording.name


@dataclass(frozen=True, kw_only=True, eq=False)
class Done:
    """What became of a recording.

    Parameters
    ----------
    name
        The recording.
    state
        What became of it.
    digest
        Of its content; empty where it could not be read.
    key
        Of the result: of content and settings together.
    about
        It in a few words, ``None`` where it was not measured or its result is there already.
    tables
        Rows of the tables, by name, as Arrow writes them to a stream.
    events
        Its events as BIDS has them, a text that is packed.
    sentence
        Why it could not be measured.
    """

    name: str
    state: State
    digest: str = ""
    key: str = ""
    about: About | None = None
    tables: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    events: bytes = field(default=b"", repr=False)
    sentence: str = ""

    @property
    def is_there(self) -> bool:
        """Whether its result was there before."""
        return self.state is State.MEASURED and self.about is None


def settings_of(order: MeasuringOrder) -> dict[str, object]:
    """Return everything but the recording that a result depends on."""
    from twitchwise.knowledge import library  # noqa: PLC0415 - the knowledge is read when it is asked for

    return {
        "order": order.as_json(),
        "version": version("twitchwise"),
        "knowledge_digest": library().digest,
        "edition": EDITION,
    }


@cache
def settings_digest(order: MeasuringOrder) -> str:
    """Return a digest of the settings."""
    return _digest(msgspec.json.encode(settings_of(order), order="deterministic"))


def key_of(digest: str, settings: str) -> str:
    """Return the key of a result by the digests of content and settings."""
    return _digest(f"{digest} {settings}".encode())


def short_key(key: str) -> str:
    """Return the begin of a key, which no two results share: many of them are sent along."""
    return key[:_SHORT]


def measure_work(work: Work, progress: Progress | None = None, spread: "Spread | None" = None) -> Done:
    """Measure a recording, or find that its result is there; what goes wrong with it is said and not raised.

    Parameters
    ----------
    work
        What to measure.
    progress
        Is told how much is done, from 0 to 1.
    spread
        Has the pieces of a recording that is cut worked.

    Raises
    ------
    KnowledgeError
        If the knowledge is at fault, which no other recording would be spared.
    """
    start_s = perf_counter()
    with tempfile.TemporaryDirectory(prefix="twitchwise-") as scratch:
        try:
            return _measured(work, Path(scratch), start_s, progress, spread)
        except KnowledgeError:
            raise
        except ChangedError as change:
            return _failed(work, State.CHANGED, str(change), scratch)
        except MissingExtraError as missing:
            return _failed(work, State.FAULT, str(missing), scratch)
        except Exception as fault:  # noqa: BLE001 - a fault in one recording must not cost the others
            said = f"measuring must not fail, but it did: {type(fault).__name__}: {fault}; please report this."
            return _failed(work, State.FAULT, said, scratch)


def _measured(work: Work, scratch: Path, start_s: float, progress: Progress | None, spread: "Spread | None") -> Done:
    from twitchwise.cohort.events_text import events_text  # noqa: PLC0415 - array libraries load when measuring begins
    from twitchwise.cohort.rows import tables_of  # noqa: PLC0415

    digest = key = ""
    try:
        with fetched(work.recording, scratch) as file:
            digest = digest_of(*work.recording.paths(file))
            key = key_of(digest, work.settings)
            if short_key(key) in work.known:
                return Done(name=work.name, state=State.MEASURED, digest=digest, key=key)
            examined = _examined(file, work.recording.ordered(work.order), progress, spread)
            tables = tables_of(examined)
    except (KnowledgeError, ChangedError, MissingExtraError):
        raise
    except TwitchwiseError as refusal:
        sentence = _without(str(refusal), scratch, work)
        # without a key it is tried again: what could not even be read may be there next time
        return Done(name=work.name, state=State.REFUSED, digest=digest, key=key, sentence=sentence)
    streams = {name: as_stream(table) for name, table in tables.items()}
    text = zlib.compress(events_text(tables[EVENTS]).encode(), 1)
    about = _about(examined, perf_counter() - start_s)
    return Done(name=work.name, state=State.MEASURED, digest=digest, key=key, about=about, tables=streams, events=text)


def _examined(
    file: Path, order: MeasuringOrder, progress: Progress | None, spread: "Spread | None"
) -> ExaminedRecording:
    from twitchwise.formats import is_video  # noqa: PLC0415 - array libraries load here, not at start-up

    if spread is None or is_video(file):
        return examine_as_ordered(file, order, progress)
    return examine_opened(read_to_send(file, order), order, progress, spread)


def as_stream(table: "pa.Table") -> bytes:
    """Return a table as Arrow writes it to a stream, packed."""
    import pyarrow as pa  # noqa: PLC0415 - loads when tables are made

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


def _about(examined: ExaminedRecording, seconds: float) -> About:
    recording = examined.recording
    return About(
        format=str(recording.format),  # some readers say it in words that remember how they were made
        start=None if recording.start is None else recording.start.isoformat(),
        duration_s=recording.duration_s,
        n_channels=len(recording.channels),
        summary=str(examined.result.summary),
        warnings=[str(one) for one in dict.fromkeys((*recording.warnings, *examined.result.warnings))],
        seconds=seconds,
    )


def _failed(work: Work, state: State, sentence: str, scratch: str) -> Done:
    return Done(name=work.name, state=state, sentence=_without(sentence, Path(scratch), work))


def _without(sentence: str, scratch: Path, work: Work) -> str:
    """Return a sentence that names files by their path below the data set, wherever they were read."""
    places = [file.address.removesuffix(file.relative) for file in work.recording.files]
    for place in dict.fromkeys((*places, f"{scratch}/")):
        sentence = sentence.replace(place, "")
    return sentence


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=_DIGEST_BYTES).hexdigest()
