"""Finds recordings in a folder, and the files of a BIDS data set that describe one, by the inheritance principle.

Gorgolewski et al. 2016, doi:10.1038/sdata.2016.44; the principle is in https://bids-specification.readthedocs.io under
"Common principles". A file describes every recording in its folder and below whose name holds all parts of its own.
"""

import json
from collections.abc import Iterator
from pathlib import Path

DESCRIPTION_FILE = "dataset_description.json"
_ENDINGS = ("_emg.edf", "_emg.bdf", "_motion.tsv", "_physio.tsv.gz")
NOT_RAW = frozenset({"code", "derivatives", "sourcedata", "stimuli"})
"""Folders of a data set that hold no recordings as they were taken."""
# A recording lies at most this deep below its data set: subject, session, type of data.
_DEEPEST = 3


class Listing:
    """The files of folders but hidden ones, each folder listed once and not again."""

    def __init__(self) -> None:
        self._folders: dict[Path, tuple[dict[str, list[Path]], dict[str, list[Path]]]] = {}

    def ending(self, folder: Path, suffix: str) -> list[Path]:
        """Return the files whose name ends with a suffix such as ``channels.tsv``, or is just this."""
        return self._of(folder)[0].get(suffix, [])

    def named(self, folder: Path, stem: str) -> list[Path]:
        """Return the files of a name, whatever their ending."""
        return self._of(folder)[1].get(stem, [])

    def _of(self, folder: Path) -> tuple[dict[str, list[Path]], dict[str, list[Path]]]:
        if folder not in self._folders:
            by_suffix: dict[str, list[Path]] = {}
            by_stem: dict[str, list[Path]] = {}
            for path in sorted(folder.iterdir()):
                if not path.name.startswith("."):
                    by_suffix.setdefault(path.name.rpartition("_")[2], []).append(path)
                    by_stem.setdefault(path.stem, []).append(path)
            self._folders[folder] = by_suffix, by_stem
        return self._folders[folder]


def describing(recording: Path, suffix: str, *, free: str | None = None, listing: Listing | None = None) -> list[Path]:
    """Return the files that describe a recording, from the most general to the most special.

    Parameters
    ----------
    recording
        Its main file.
    suffix
        What the names end with, such as ``channels.tsv``.
    free
        An entity that the name may hold though the recording's does not, such as ``space``.
    listing
        What is known of the folders already; they are listed again if left out.
    """
    parts = _parts(recording.name)
    if parts is None:
        return []
    found, known = [], listing or Listing()
    for folder in reversed(_levels(recording)):
        fitting = [path for path in known.ending(folder, suffix) if _fits(path, parts, free)]
        found += sorted(fitting, key=lambda path: (path.name.count("_"), path.name))
    return found


def nearest(recording: Path, suffix: str) -> Path | None:
    """Return the most special of the files that describe a recording; tables replace each other as a whole."""
    return next(reversed(describing(recording, suffix)), None)


def sidecar_suffix(recording: Path) -> str:
    """Return what the name of the JSON file ends with that says how a recording was taken, such as ``emg.json``."""
    stem = Path(recording.name.removesuffix(".gz")).stem
    return f"{stem.rpartition('_')[2]}.json"


def all_describing(recording: Path, listing: Listing | None = None) -> list[Path]:
    """Return every file that the reading of a recording depends on beside its own."""
    known = listing or Listing()
    plain = ("channels.tsv", sidecar_suffix(recording), "electrodes.tsv")
    paths = [path for suffix in plain for path in describing(recording, suffix, listing=known)]
    return [*paths, *describing(recording, "coordsystem.json", free="space", listing=known)]


def data_set_of(folder: Path) -> Path | None:
    """Return the BIDS data set that a folder is or belongs to, or nothing."""
    places = (folder, *folder.absolute().parents[:_DEEPEST])
    return next((place for place in places if is_data_set(place)), None)


def folder_of_subjects(folder: Path) -> Path:
    """Return the folder that the subject's lies in, of a folder with recordings of BIDS that no data set describes."""
    places = (folder, *folder.parents[:_DEEPEST])
    return next((place.parent for place in places if place.name.startswith("sub-")), folder)


def bids_recordings(folder: Path) -> list[Path]:
    """Return the recordings of EMG, movement and physiology of a data set or a part of it, in order of their names.

    Links that lead nowhere are named too: data sets are often fetched without their content.
    """
    return sorted(path for path in _files_below(folder) if is_bids_recording(path))


def files_below(folder: Path) -> list[Path]:
    """Return all files of a folder and its folders but hidden ones and derived data sets, sorted."""
    return sorted(_files_below(folder))


def is_data_set(folder: Path) -> bool:
    """Tell whether a folder is a BIDS data set, derived or not."""
    return (folder / DESCRIPTION_FILE).is_file()


def is_derived(folder: Path) -> bool:
    """Tell whether a folder is a data set that was made from another."""
    try:
        description = json.loads((folder / DESCRIPTION_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(description, dict) and description.get("DatasetType") == "derivative"


def _files_below(folder: Path) -> Iterator[Path]:
    in_data_set = is_data_set(folder)
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if not path.is_dir():
            yield path
        elif not (in_data_set and path.name in NOT_RAW) and not path.is_symlink() and not is_derived(path):
            yield from _files_below(path)


def is_bids_recording(path: Path) -> bool:
    """Tell by its name whether a file holds the samples of a recording of BIDS that this program reads."""
    return path.name.startswith("sub-") and path.name.endswith(_ENDINGS)


def _parts(name: str) -> frozenset[str] | None:
    """Return the parts of a name before its suffix, or nothing where it has none."""
    begin, joint, _ = name.partition(".")[0].rpartition("_")
    return frozenset(begin.split("_")) if joint else None


def _levels(recording: Path) -> list[Path]:
    """Return the folder of a recording and those above it up to its data set: the one that the subject's lies in."""
    subject = recording.name.partition("_")[0]
    own_folder = recording.absolute().parent
    above = [own_folder, *own_folder.parents][: _DEEPEST + 1]
    if not subject.startswith("sub-"):
        return above[:1]
    own = next((depth for depth, folder in enumerate(above) if folder.name == subject), None)
    return above[:1] if own is None else above[: own + 2]


def _fits(path: Path, parts: frozenset[str], free: str | None) -> bool:
    own = _parts(path.name) or frozenset()
    if free is not None:
        own = frozenset(part for part in own if not part.startswith(f"{free}-"))
    return own <= parts
