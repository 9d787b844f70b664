"""Files in which people have what a phone or a watch recorded, each as its own app writes them.

Sensor Logger: nanoseconds since 1970 and axes in the order z, y, x, gravity taken out. phyphox: a comma-separated table
with units in its header. cloudUPDRS, which pdkit reads: no header, nanoseconds, x, y, z with gravity, status. TSDF: raw
numbers with a JSON beside (Claes et al. 2022, https://arxiv.org/abs/2211.11294). Plain: seconds and all six axes.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np

from twitchwise.simulate.devices.sensing import Sensed
from twitchwise.vocabulary import OutOfRangeError, UnwritableFileError
from twitchwise.vocabulary.arrays import FloatArray

BEGIN_NS = 1_700_000_000_000_000_000  # a moment in November 2023; nothing depends on it
NS = 1_000_000_000
DEGREE = np.pi / 180
IDLE = 0  # status that cloudUPDRS writes


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """A kind of file: what it is called, whether it holds gravity, and what writes it into a folder or a file."""

    name: str
    with_gravity: bool
    write: Callable[[Sensed, Path], list[Path]]


def write_export(sensed: Sensed, path: Path | str, export: str = "plain") -> list[Path]:
    """Write what a device recorded as one of `EXPORTS`.

    Parameters
    ----------
    sensed
        What it recorded.
    path
        A file, of Sensor Logger a zip; TSDF writes more files with its stem beside it.
    export
        Name of the kind of file.

    Returns
    -------
    list[Path]
        The files.

    Raises
    ------
    OutOfRangeError
        If there is no such kind, or the device's values hold gravity and the file's must not, or the other way round.
    UnwritableFileError
        If a file cannot be written.
    """
    if export not in EXPORTS:
        raise OutOfRangeError(f"export must be one of {', '.join(EXPORTS)}, got {export!r}.")
    chosen, target = EXPORTS[export], Path(path)
    if export != "plain" and sensed.device.with_gravity != chosen.with_gravity:
        holds = "with" if chosen.with_gravity else "without"
        raise OutOfRangeError(f"device for {export} must record {holds} gravity, got one that does not.")
    try:
        return chosen.write(sensed, target)
    except OSError as error:
        raise UnwritableFileError(f"{path}: the recording cannot be written there ({error}).") from error


def _sensor_logger(sensed: Sensed, path: Path) -> list[Path]:
    if path.suffix.lower() != ".zip":
        raise OutOfRangeError(f"output of a Sensor Logger export must be a .zip file, got {str(path)!r}.")
    stamps = BEGIN_NS + np.round(sensed.times_s * NS).astype(np.int64)
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, values in (("Accelerometer", sensed.acceleration_mps2), ("Gyroscope", sensed.turning_radps)):
            rows = [
                f"{stamp},{time:.9f},{z:.9g},{y:.9g},{x:.9g}"
                for stamp, time, (x, y, z) in zip(stamps, sensed.times_s, values, strict=True)
            ]
            archive.writestr(_entry(f"{name}.csv"), "\n".join(["time,seconds_elapsed,z,y,x", *rows]) + "\n")
        archive.writestr(
            _entry("Metadata.csv"),
            f"platform,standardisation,recording epoch time\nsimulated,true,{BEGIN_NS // 1_000_000}\n",
        )
    return [path]


def _entry(name: str) -> ZipInfo:
    """Return an entry of an archive without the time of day, so that the same seed gives the same file."""
    entry = ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    return entry


def _phyphox(sensed: Sensed, path: Path) -> list[Path]:
    header = ",".join(
        f'"{name}"'
        for name in ("Time (s)", *(f"Acceleration {axis} (m/s^2)" for axis in "xyz"), "Absolute acceleration (m/s^2)")
    )
    sizes = np.linalg.norm(sensed.acceleration_mps2, axis=1)
    columns = np.column_stack([sensed.times_s, sensed.acceleration_mps2, sizes])
    return [_table(path, header, [",".join(f"{value:.9E}" for value in row) for row in columns])]


def _cloudupdrs(sensed: Sensed, path: Path) -> list[Path]:
    stamps = np.round(sensed.times_s * NS).astype(np.int64)
    rows = [
        f"{stamp},{x:.9g},{y:.9g},{z:.9g},{IDLE}"
        for stamp, (x, y, z) in zip(stamps, sensed.acceleration_mps2, strict=True)
    ]
    return [_table(path, None, rows)]


def _plain(sensed: Sensed, path: Path) -> list[Path]:
    header = "time_s,acc_x_mps2,acc_y_mps2,acc_z_mps2,gyro_x_radps,gyro_y_radps,gyro_z_radps"
    columns = np.column_stack([sensed.times_s, sensed.acceleration_mps2, sensed.turning_radps])
    return [_table(path, header, [",".join(f"{value:.9g}" for value in row) for row in columns])]


def _tsdf(sensed: Sensed, path: Path) -> list[Path]:
    stem = path.with_suffix("")
    turning = sensed.turning_radps / DEGREE
    files = [
        _raw(stem.with_name(f"{stem.name}_time.bin"), sensed.times_s[:, np.newaxis]),
        _raw(stem.with_name(f"{stem.name}_values.bin"), np.column_stack([sensed.acceleration_mps2, turning])),
    ]
    channels = [f"{sensor}_{axis}" for sensor in ("accelerometer", "gyroscope") for axis in "xyz"]
    units = ["m/s^2"] * 3 + ["deg/s"] * 3
    about = {
        "metadata_version": "0.1",
        "study_id": "twitchwise",
        "subject_id": "simulated",
        "device_id": str(sensed.device.kind),
        "endianness": "little",
        "data_type": "float",
        "bits": 64,
        "rows": int(sensed.times_s.size),
        "start_iso8601": "2023-11-14T22:13:20Z",
        "end_iso8601": "2023-11-14T22:13:20Z",
        "sensors": [
            {"file_name": files[0].name, "channels": ["time"], "units": ["time_absolute_s"]},
            {"file_name": files[1].name, "channels": channels, "units": units},
        ],
    }
    target = stem.with_name(f"{stem.name}_meta.json")
    target.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    return [target, *files]


EXPORTS = {
    one.name: one
    for one in (
        Export(name="plain", with_gravity=True, write=_plain),
        Export(name="sensor_logger", with_gravity=False, write=_sensor_logger),
        Export(name="phyphox", with_gravity=True, write=_phyphox),
        Export(name="cloudupdrs", with_gravity=True, write=_cloudupdrs),
        Export(name="tsdf", with_gravity=True, write=_tsdf),
    )
}
"""Kinds of file by name."""


def _table(path: Path, header: str | None, rows: list[str]) -> Path:
    lines = rows if header is None else [header, *rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _raw(path: Path, values: FloatArray) -> Path:
    path.write_bytes(np.ascontiguousarray(values, dtype="<f8").tobytes())
    return path
