"""Runs every benchmark and prints its table: ``python -m benchmarks [name ...] [--full]``."""

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Run all benchmarks, or those whose file name holds one of the given words; options are theirs."""
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    for script in sorted(HERE.glob("*/*.py")):
        if not script.stem.startswith("_") and (not words or any(word in script.stem for word in words)):
            print(f"\n=== {script.relative_to(HERE)} ===", flush=True)
            runpy.run_path(str(script), run_name="__main__")


if __name__ == "__main__":
    main()
