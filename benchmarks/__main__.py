"""Runs every benchmark and prints its table: ``python -m benchmarks [name ...] [--full]``."""

import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent


def modules() -> Iterator[str]:
    """Give what can be run: files, and folders that hold a program, by name of their module."""
    for script in sorted(HERE.glob("*/*.py")):
        if not script.stem.startswith("_"):
            yield f"{script.parent.name}.{script.stem}"
    for program in sorted(HERE.glob("*/*/__main__.py")):
        yield f"{program.parent.parent.name}.{program.parent.name}"


def main() -> None:
    """Run all benchmarks, or those whose name holds one of the given words; options are theirs."""
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    sys.argv[1:] = [word for word in sys.argv[1:] if word.startswith("--")]
    for name in modules():
        if not words or any(word in name.partition(".")[2] for word in words):
            print(f"\n=== {name.replace('.', '/')} ===", flush=True)
            runpy.run_module(f"benchmarks.{name}", run_name="__main__")


if __name__ == "__main__":
    main()
