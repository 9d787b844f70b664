"""Plans by a pilot study: its spread is found again, whether its quantity is a number or a count."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from twitchwise.cli.cohort import application
from twitchwise.cohort.columns import TABLES
from twitchwise.cohort.power.asked import Assumptions, Of
from twitchwise.cohort.power.effect import Effect
from twitchwise.cohort.power.of_people import plan_of_pilot
from twitchwise.cohort.power.of_values import plan_of_values
from twitchwise.cohort.power.pilot import Chosen, counts_of_pilot, has_counts, spread_of_pilot
from twitchwise.cohort.power.wanted import Design, Wanted
from twitchwise.vocabulary import OutOfRangeError, UnwritableFileError

PEOPLE, MINUTES = 150, 10.0
BETWEEN, WITHIN = 1.5, 0.6
OF_PEOPLE, OF_VISITS, RATE = 0.6, 0.2, 4.0
ALL = Chosen()


def write_pilot(folder: Path, *, sessions: tuple[str, ...] = ("1", "2"), people: int = PEOPLE) -> Path:
    """Write the tables of a study of two quantities whose spread is known."""
    chance = np.random.default_rng(1)
    rows, quality = [], []
    for person in range(people):
        frequency = chance.normal(6.0, BETWEEN)
        rate = RATE * chance.gamma(1 / OF_PEOPLE, OF_PEOPLE)
        for session in sessions:
            recording = f"sub-{person:03d}_ses-{session}"
            visit = chance.gamma(1 / OF_VISITS, OF_VISITS)
            count = float(chance.poisson(rate * visit * MINUTES))
            who: dict[str, object] = {
                "recording": recording,
                "participant_id": f"sub-{person:03d}",
                "session": session,
                "task": "rest",
                "run": None,
                "group": "ill" if person % 2 else "healthy",
                "channel": "EMG",
                "site": "biceps",
                "side": "left",
                "motor_unit": None,
                "method": "Counted.",
                "doubts": [],
            }
            for quantity, value, unit in (
                ("tremor_frequency", frequency + chance.normal(0, WITHIN), "Hz"),
                ("fasciculation_count", count, "count"),
                ("fasciculation_rate", count / MINUTES, "1/min"),
            ):
                rows.append({**who, "quantity": quantity, "value": value, "low": value, "high": value, "unit": unit})
            quality.append({"recording": recording, "channel": "EMG", "rest_s": 60 * MINUTES})
    (folder / "tables").mkdir(parents=True)
    tables = {"measurements": pd.DataFrame(rows), "quality": pd.DataFrame(quality)}
    for name in TABLES:
        tables.get(name, pd.DataFrame([{"recording": "none"}])).to_parquet(folder / "tables" / f"{name}.parquet")
    return folder


@pytest.fixture(scope="module")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pilot(tmp_path_factory.mktemp("pilot") / "study")


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pilot(tmp_path_factory.mktemp("pilot") / "once", sessions=("1",), people=12)


def of(quantity: str, design: Design = Design.BEFORE_AFTER, **assumed: float) -> Of:
    return Of(
        quantity=quantity,
        effect=Effect(ratio=0.8),
        wanted=Wanted(design=design),
        assumptions=Assumptions(minutes=(5.0,), **assumed),  # type: ignore[arg-type]
    )


def test_the_spread_of_values_is_found_again(pilot: Path) -> None:
    spread = spread_of_pilot(pilot, "tremor_frequency", ALL)
    assert spread.between.value == pytest.approx(BETWEEN, rel=0.15)
    assert spread.within.holds(WITHIN)
    assert spread.of_visit.holds(float(np.hypot(BETWEEN, WITHIN)))
    assert spread.mean == pytest.approx(6.0, abs=0.4)
    assert spread.unit == "Hz"


def test_the_spread_of_counts_is_found_again(pilot: Path) -> None:
    found = counts_of_pilot(pilot, "fasciculation_rate", ALL)
    rates = found.people(60.0, 1).rates_per_min
    assert rates.mean() == pytest.approx(RATE, rel=0.2)
    assert rates.var() / rates.mean() ** 2 == pytest.approx(OF_PEOPLE, abs=0.2)
    assert np.expm1(found.visit_spread**2) == pytest.approx(OF_VISITS, abs=0.1)


def test_a_rate_with_counts_is_planned_by_them_and_another_quantity_by_its_values(pilot: Path) -> None:
    assert has_counts(pilot, "fasciculation_rate")
    assert not has_counts(pilot, "tremor_frequency")
    counts = plan_of_pilot(pilot, of("fasciculation_rate"), ALL)
    assert counts.rows[0].needed.n is not None
    assert "150 participants" in counts.support[0].source
    fewer, more = counts.rows[0].if_spread or (None, None)
    assert fewer is not None
    assert more is not None
    assert fewer < counts.rows[0].needed.n < more
    plan = plan_of_values(of("tremor_frequency"), "pilot", spread_of_pilot(pilot, "tremor_frequency", ALL))
    low, high = plan.rows[0].if_spread or (None, None)
    n = plan.rows[0].needed.n
    assert n is not None
    assert low is not None
    assert high is not None
    assert low <= n <= high


def test_values_of_one_visit_do_for_groups_and_not_for_a_change(once: Path) -> None:
    spread = spread_of_pilot(once, "tremor_frequency", ALL)
    assert plan_of_values(of("tremor_frequency", Design.TWO_GROUPS), "pilot", spread).rows[0].needed.n is not None
    with pytest.raises(OutOfRangeError, match="within_sd must be known"):
        plan_of_values(of("tremor_frequency"), "pilot", spread)


def test_counts_of_one_visit_do_for_a_change_where_the_spread_of_visits_is_given(once: Path) -> None:
    with pytest.raises(OutOfRangeError, match="visit_spread must be known"):
        plan_of_pilot(once, of("fasciculation_rate"), ALL)
    assert plan_of_pilot(once, of("fasciculation_rate", visit_spread=0.2), ALL).rows[0].needed.n is not None
    assert plan_of_pilot(once, of("fasciculation_rate", Design.TWO_GROUPS), ALL).rows


def test_a_group_of_the_pilot_can_be_chosen(pilot: Path) -> None:
    assert "75 participants" in spread_of_pilot(pilot, "tremor_frequency", Chosen(group="ill")).sources[0]
    with pytest.raises(OutOfRangeError, match=r"group must be one of the pilot's \(healthy, ill\)"):
        spread_of_pilot(pilot, "tremor_frequency", Chosen(group="nobody"))


def test_what_a_pilot_does_not_have_is_refused(pilot: Path, tmp_path: Path) -> None:
    with pytest.raises(OutOfRangeError, match="quantity must be one that the pilot has"):
        spread_of_pilot(pilot, "plm_index", ALL)
    with pytest.raises(UnwritableFileError, match="study must be a folder"):
        spread_of_pilot(tmp_path, "plm_index", ALL)
    two = write_pilot(tmp_path / "two", people=2)
    with pytest.raises(OutOfRangeError, match="pilot must have 3 participants"):
        spread_of_pilot(two, "tremor_frequency", ALL)


def test_a_pilot_is_not_held_against_healthy_people_of_the_model(pilot: Path) -> None:
    against = Of(quantity="fasciculation_rate", effect=None, wanted=Wanted(design=Design.AGAINST_HEALTHY))
    with pytest.raises(OutOfRangeError, match="design must be before-after or two-groups"):
        plan_of_pilot(pilot, against, ALL)
    with pytest.raises(OutOfRangeError, match="design must be before-after or two-groups"):
        plan_of_values(against, "pilot", spread_of_pilot(pilot, "tremor_frequency", ALL))


@pytest.mark.parametrize(("quantity", "said"), [("tremor_frequency", "Hz"), ("fasciculation_rate", "over-dispersion")])
def test_the_command_line_plans_by_a_pilot(pilot: Path, quantity: str, said: str) -> None:
    asked = ["power", "--pilot", str(pilot), "--quantity", quantity, "--change", "20%", "--minutes", "5"]
    text = CliRunner().invoke(application, asked)
    assert text.exit_code == 0
    assert said in text.stdout
    assert "At the ends of the 95 % interval of the pilot's spread" in text.stdout
    plan = json.loads(CliRunner().invoke(application, [*asked, "--json"]).stdout)
    low, high = plan["rows"][0]["n_at_ends_of_spread"]
    assert low <= plan["rows"][0]["n"] <= high
