"""The table of the quick axon comes out again when a row of it is computed anew."""

import math
from dataclasses import replace

import pytest

from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.condition import Setting
from twitchwise.simulate.one_unit import tabulation
from twitchwise.simulate.one_unit.axon_response import _table
from twitchwise.simulate.preparation import acted_on


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
def test_a_row_and_the_shape_in_health_come_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = acted_on(Setting(condition="healthy"))
    healthy, at = AxonChanges.of(parameters), 7
    monkeypatch.setattr(tabulation, "WINDOW_S", 8e-3)  # long enough at this temperature, and a fifth of the time
    assert tabulation.AXES["temperature_c"][at] == 35.0
    found = dict(tabulation._along("temperature_c", (35.0,), healthy, parameters))
    stored = _table()["axes"]["temperature_c"]["rows"][at]
    (row,) = found["rows"]
    assert set(row) == set(stored)
    for name, value in stored.items():
        assert row[name] == (value if value is None else pytest.approx(value, rel=1e-3)), name
    time_s, course_v = tabulation._course_v(replace(healthy, temperature_c=35.0), parameters)
    assert course_v.max() == pytest.approx(stored["peak_v"], abs=1e-5)
    assert math.isclose(time_s[1], tabulation.SAMPLE_S)
