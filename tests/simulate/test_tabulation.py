"""The excitability table that ships is of this version of the axon and holds every state that conditions lead to."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from twitchwise.simulate import parameters_for, tabulation
from twitchwise.simulate.axon import excitability as computing
from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.excitability import excitability
from twitchwise.simulate.axon.table import digest_of, looked_up
from twitchwise.simulate.condition import Setting, known_conditions
from twitchwise.simulate.preparation import _excitability, acted_on, axon_table, excitability_of


def test_the_table_was_made_with_the_axon_that_ships() -> None:
    assert axon_table()["digest"] == digest_of(parameters_for("healthy"))


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
def test_the_table_holds_every_state_that_a_condition_leads_to_and_no_other() -> None:
    states, table = tabulation.states(), axon_table()
    assert [name for changes, name in states.items() if looked_up(table, changes) is None] == []
    assert set(table["rows"]) == set(states.values())


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
def test_no_severity_of_the_table_waits_for_an_axon_to_be_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    def computed(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(computing, "excitability", computed)
    _excitability.cache_clear()
    for condition in known_conditions():
        for severity in tabulation.SEVERITIES:
            found = excitability_of(acted_on(Setting(condition=condition, severity=severity)))
            assert found.resting_potential_v < 0


def test_the_healthy_row_is_what_the_axon_gives() -> None:
    parameters = parameters_for("healthy")
    changes = AxonChanges.of(parameters)
    shipped, computed = looked_up(axon_table(), changes), excitability(changes, parameters)
    assert shipped is not None
    numbers = {name: value for name, value in asdict(shipped).items() if isinstance(value, float)}
    assert asdict(computed) == {**asdict(shipped), **numbers} | {
        name: pytest.approx(value, rel=1e-6) for name, value in numbers.items()
    }


def test_the_table_is_written_as_it_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    states = dict(list(tabulation.states().items())[:2])
    table = axon_table()

    def from_the_table(changes: AxonChanges, _: object) -> Any:  # noqa: ANN401 - what the table holds
        return looked_up(table, changes)

    monkeypatch.setattr(tabulation, "states", lambda: states)
    monkeypatch.setattr(tabulation, "FILE", tmp_path / "excitability.json")
    monkeypatch.setattr(computing, "excitability", from_the_table)
    tabulation.main()
    written = json.loads((tmp_path / "excitability.json").read_text(encoding="utf-8"))
    assert written == {"digest": table["digest"], "rows": {name: table["rows"][name] for name in states.values()}}
    assert capsys.readouterr().err.endswith("2 of 2")
