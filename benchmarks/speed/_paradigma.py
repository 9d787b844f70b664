"""ParaDigMa's tremor pipeline on a gyroscope's samples; runs in its own environment, as it wants older packages.

``python _paradigma.py SAMPLES.npy RATE_HZ WINDOWS.npy`` reads samples of shape ``(n, 3)`` in degrees per second, prints
the least processor time in s of five runs, and writes the windows it gives: time in s, frequency of the peak, and
whether it calls them tremor.
"""

import importlib
import logging
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

REPEATS = 5


def main(samples: Path, rate_hz: float, output: Path) -> None:
    """Run the pipeline as its tutorial does, from the table of samples to the windows."""
    pandas: Any = importlib.import_module("pandas")  # both are of the peer's environment
    pipeline: Any = importlib.import_module("paradigma.pipelines.tremor_pipeline")
    logging.disable(logging.CRITICAL)
    rows = np.load(samples)
    table = {"time": np.arange(len(rows)) / rate_hz}
    table |= {f"gyroscope_{axis}": rows[:, number] for number, axis in enumerate("xyz")}
    times, windows = list[float](), dict[str, Any]()
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(REPEATS):
            frame = pandas.DataFrame(table)
            start = time.process_time()
            windows = pipeline.run_tremor_pipeline(frame, output_dir=folder, return_intermediate=["classification"])
            times.append(time.process_time() - start)
    found: Any = windows["classification"]
    np.save(output, found[["time", "freq_peak", "pred_tremor_checked"]].to_numpy(dtype=np.float64))
    print(min(times))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]))
