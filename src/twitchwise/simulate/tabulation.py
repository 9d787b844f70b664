"""Writes the table of axonal excitability that ships with the program: a row for each state that conditions lead to.

``python -m twitchwise.simulate.tabulation`` writes it anew, in some minutes; ``make tables`` does the same. It is
needed whenever the axon's parameters or equations, or what a condition does to an axon, have changed; a test tells.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.table import table_of
from twitchwise.simulate.condition import Setting, known_conditions, parameters_for
from twitchwise.simulate.preparation import acted_on

SEVERITIES = (0.0, 0.5, 1.0, 1.5, 2.0)  # health, those that have words, and the most that is allowed
FILE = Path(__file__).parent / "excitability.json"


def states() -> dict[AxonChanges, str]:
    """Return each state of a motor axon that a condition leads to at one of the severities, and a name for it."""
    found: dict[AxonChanges, str] = {}
    for name, changes in _all_states():
        found.setdefault(changes, name)
    return found


def _all_states() -> Iterator[tuple[str, AxonChanges]]:
    for condition in known_conditions():
        for severity in SEVERITIES:
            setting = Setting(condition=condition, severity=severity)
            yield f"{condition} {severity:g}", AxonChanges.of(acted_on(setting))


def main() -> None:
    """Compute every row and write the table."""
    from twitchwise.simulate.axon.excitability import excitability  # noqa: PLC0415 - it loads JAX

    parameters, rows = parameters_for("healthy"), {}
    wanted = states()
    for number, (changes, name) in enumerate(wanted.items(), start=1):
        rows[name] = (changes, excitability(changes, parameters))
        sys.stderr.write(f"\r{number} of {len(wanted)}")
    FILE.write_text(json.dumps(table_of(rows, parameters), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
