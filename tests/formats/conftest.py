"""Small files of every format, made by other packages, for the tests of the readers."""

import importlib
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import edfio
import numpy as np
import pytest
import scipy.io

from twitchwise.formats import read_recording
from twitchwise.signals import Recording
from twitchwise.vocabulary import UnreadableRecordingError


@pytest.fixture(scope="session")
def wfdb() -> ModuleType:
    """Load the wfdb package; what its dependencies warn of meanwhile is not about this program."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("wfdb")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder that all examples of a property share."""
    return tmp_path_factory.mktemp("recordings")


@pytest.fixture
def refuse() -> Callable[..., str]:
    """Read a file that must be refused, and return the sentence, which names the path as it was typed."""

    def read(path: Path | str, **options: object) -> str:
        with pytest.raises(UnreadableRecordingError) as caught:
            read_recording(path, **options)  # type: ignore[arg-type] # any option of the reader
        sentence = str(caught.value)
        assert repr(str(path)) in sentence
        assert sentence.endswith(".")
        assert "\n" not in sentence
        return sentence

    return read


@pytest.fixture(scope="session")
def samples() -> Callable[[int, int], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Return a number of normally distributed samples of 50 units, the same for the same seed."""

    def make(n_samples: int, seed: int = 0) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.random.default_rng(seed).normal(0, 50, n_samples)

    return make


@pytest.fixture(scope="session")
def edf_bytes() -> bytes:
    """Return an EDF+ file: 5 s of EMG at 100 Hz in uV, acceleration at 50 Hz in g, three annotations."""
    rng = np.random.default_rng(1)
    return edfio.Edf(
        [
            edfio.EdfSignal(rng.normal(0, 50, 500), 100, label="EMG calf", physical_dimension="uV"),
            edfio.EdfSignal(rng.normal(0, 1, 250), 50, label="ACC X", physical_dimension="g"),
        ],
        annotations=[
            edfio.EdfAnnotation(1, 0.5, "cough"),
            edfio.EdfAnnotation(2.25, None, "h\u00fast"),
            edfio.EdfAnnotation(4.999, 0.001, "end"),
        ],
    ).to_bytes()


@pytest.fixture(scope="session")
def bdf_bytes() -> bytes:
    """Return a BDF+ file: 5 s of EMG at 100 Hz in mV over the whole range of 24 bits, one annotation."""
    digital = np.random.default_rng(2).integers(-(2**23), 2**23, 500).astype(np.int32)
    digital[:2] = -(2**23), 2**23 - 1
    emg = edfio.BdfSignal.from_digital(digital, 100, label="EMG", physical_dimension="mV", physical_range=(-250, 250))
    return edfio.Bdf([emg], annotations=[edfio.EdfAnnotation(1, 0.5, "cough")]).to_bytes()


@pytest.fixture(scope="session")
def csv_bytes() -> bytes:
    """Return a table with a time column in seconds at 100 Hz and one EMG column in uV."""
    emg = np.random.default_rng(3).normal(0, 50, 60)
    return ("time (s),EMG (uV)\n" + "".join(f"{i / 100},{value:.3f}\n" for i, value in enumerate(emg))).encode()


@pytest.fixture(scope="session")
def mat_bytes(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., bytes]:
    """Make MATLAB 5 files as OTBioLab+ exports them: two EMG columns, a unit's discharges, its pulse train, force."""

    def make(*, compressed: bool = True, **changes: object) -> bytes:
        rng = np.random.default_rng(4)
        data = rng.normal(0, 50, (40, 5)).astype(np.float32)
        data[:, 2] = 0
        data[[3, 20], 2] = 1
        labels = [
            "Soleus - AUX 1 - GR08MM1305 (1)[uV]",
            "Soleus - AUX 1 - GR08MM1305 (2)[uV]",
            "Decomposition of Soleus - AUX 1 - GR08MM1305 (1)[a.u]",
            "Source for decomposition of Soleus - AUX 1 - GR08MM1305 (1)[a.u]",
            "acquired data[ %(MVC)]",
        ]
        content: dict[str, object] = {
            "Data": np.array([[data, None]], dtype=object)[:, :1],
            "Description": np.array(labels, dtype=object)[:, np.newaxis],
            "SamplingFrequency": 2048.0,
            "OTBFile": "unknown",
        }
        content |= changes
        path = tmp_path_factory.mktemp("matlab") / "x.mat"
        scipy.io.savemat(
            path, {name: value for name, value in content.items() if value is not None}, do_compression=compressed
        )
        return path.read_bytes()

    return make


@pytest.fixture(scope="session")
def wfdb_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the header of a record: EMG at 100 Hz in mV, and two acceleration samples a frame without calibration."""
    place = tmp_path_factory.mktemp("wfdb")
    frames = np.random.default_rng(5).integers(-3000, 3000, (50, 3)).astype("<i2")
    (place / "rec.dat").write_bytes(frames.tobytes())
    header = place / "rec.hea"
    header.write_text(
        "rec 2 100 50 10:20:30 01/02/2003\n"
        "rec.dat 16 10000(5)/mv 16 0 0 0 0 EMG\n"
        "rec.dat 16x2 0 12 0 0 0 0 ACC\n"
        "# concentric needle electrode\n"
    )
    return header


@pytest.fixture
def whole() -> Callable[[Recording], dict[str, list[float]]]:
    """Return all samples of a recording by channel."""

    def read(recording: Recording) -> dict[str, list[float]]:
        return {channel.name: recording.read(channel.name).tolist() for channel in recording.channels}

    return read
