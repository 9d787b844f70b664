"""The open decomposer emgdecomp 0.1.0 (MIT) on one recording, with names that newer NumPy and SciPy have dropped."""

from functools import partial
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import numpy.typing as npt
import scipy.stats

DROPPED = {"int": int, "float": float, "bool": bool, "object": object}


def trains(samples: npt.NDArray[np.float32], rate_hz: float) -> list[npt.NDArray[np.int64]]:
    """Return the discharges of each unit that it finds with its own defaults, in samples."""
    for name, value in DROPPED.items():
        if name not in vars(np):
            setattr(np, name, value)
    decomposition, parameters = (import_module(f"emgdecomp.{name}") for name in ("decomposition", "parameters"))
    vars(decomposition)["stats"] = SimpleNamespace(mode=partial(scipy.stats.mode, keepdims=True))
    peer = decomposition.EmgDecomposition(params=parameters.EmgDecompositionParams(sampling_rate=rate_hz))
    found = peer.decompose(samples.astype(np.float64))
    return [
        np.sort(found["discharge_samples"][found["source_idx"] == unit]).astype(np.int64)
        for unit in np.unique(found["source_idx"])
    ]
