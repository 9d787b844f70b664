"""Scores the EMG detector and other methods: ``python -m benchmarks.accuracy.emg [--quick] [--part NAME] [--page]``.

``--quick`` takes fewer and shorter scenes and leaves out a slow peer; ``--part`` may be repeated; ``--page`` writes the
parts that were run into ``docs/explanation/emg_accuracy.md`` and leaves the others there as they are.
"""

import argparse
import sys
import time
from pathlib import Path

from benchmarks.accuracy.emg.parts import PARTS
from benchmarks.accuracy.emg.tables import Section, write_page

PAGE = Path(__file__).resolve().parents[3] / "docs" / "explanation" / "emg_accuracy.md"
INTRO = """\
# How well EMG is measured

*Made by `python -m benchmarks.accuracy.emg --page`; do not edit.*

No public recording has its fasciculations marked, and the published detector is closed. So the detector is scored on
recordings whose truth is known because they were made: from a real grid recording, by the forward model, and by
hand. All seeds are fixed. The forward model and the detector come from one hand, so that scores on its recordings
flatter; those put together from a real recording flatter less.

*Sensitivity* is the share of true events that were found, *precision* the share of found events that are true. An event
counts as found within 10 ms of the time in which it stands out, one found for one true, by the assignment with most
matches; a doublet is one event. *Timing* is the distance of the peaks in ms: median, and 95th percentile, of single
discharges. *Purity* is the share of sorted events that belong to the true unit that their unit has most of;
*completeness* the share of true events in the found unit with most of their unit. *Count bias* is found over true,
less 1. False alarms in a contraction count; only the general onset detectors, which look for contractions, are
forgiven these. Methods for one channel are told which one shows the events best. Where a method was too slow for all
scenes, the number of scenes shows it.
"""


def told(line: str) -> None:
    """Tell how far it is."""
    print(line, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> None:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy.emg", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter scenes")
    parser.add_argument("--part", action="append", choices=sorted(PARTS), help="only this part; may be repeated")
    parser.add_argument("--page", action="store_true", help=f"write {PAGE.name}")
    options, _ = parser.parse_known_args(arguments)  # others are for other benchmarks
    sections: list[Section] = []
    for name in options.part or PARTS:
        start = time.perf_counter()
        sections.append(PARTS[name](is_quick=options.quick, told=told))
        print(f"\n# {sections[-1].title} ({time.perf_counter() - start:.0f} s)")
        for table in sections[-1].tables:
            print(table.text, flush=True)
        if options.page:
            write_page(PAGE, INTRO, sections, list(PARTS))


if __name__ == "__main__":
    main()
