"""The command line of `cohort power`: plans as text and JSON, and refusals in one sentence."""

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., "tuple[int, str, str]"]

QUICK = ("--people", "12", "--minutes", "3,10", "--power", "0.8")


def test_a_plan_for_people_of_a_condition_is_a_table_with_a_recommendation(run: "Run") -> None:
    code, out, err = run("cohort", "power", "kennedy_disease", "--change", "50%", *QUICK, "--subjects", "12")
    assert code == 0
    assert "Cheapest:" in out
    assert "power with 12" in out
    assert "people (kennedy_disease): 12 of 12" in err


def test_the_same_seed_prints_the_same_json(run: "Run") -> None:
    asked = ("cohort", "power", "kennedy_disease", "--ratio", "0.5", *QUICK, "--seed", "3", "--json")
    first, again = run(*asked), run(*asked)
    assert first[:2] == again[:2]
    plan = json.loads(first[1])
    assert [row["minutes"] for row in plan["rows"]] == [3, 10]
    assert plan["rows"][0]["n"] >= plan["rows"][0]["n_low"]
    assert plan["seed"] == 3


def test_numbers_that_are_known_are_enough(run: "Run") -> None:
    known = ("--mean", "5", "--between-sd", "1", "--within-sd", "0.4", "--quantity", "tremor_frequency")
    code, out, _ = run("cohort", "power", *known, "--change", "0.5Hz")
    assert code == 0
    assert "Tremor frequency, spread as given: -0.5 Hz" in out


def test_people_who_are_rendered_check_the_detector(run: "Run") -> None:
    asked = ("cohort", "power", "benign_fasciculation_syndrome", "--ratio", "0.5", "--people", "10", "--minutes", "1")
    code, out, _ = run(*asked, "--render", "1")
    assert code == 0
    assert "The detector, on 1 people rendered" in out


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("nonsense", "--change", "30%"), "condition must be one that"),
        (("essential_tremor", "--change", "30%"), "quantity must be one that essential_tremor changes"),
        (("kennedy_disease", "--change", "0%"), "change must differ from 0"),
        (("kennedy_disease",), "change must be given"),
        (("kennedy_disease", "--change", "30%", "--power", "1.5"), "power must lie between 0 and 1"),
        (("kennedy_disease", "--change", "30%", "--design", "crossover"), "design must be before-after"),
        (("kennedy_disease", "--change", "30%", "--analysis", "bayes"), "analysis must be rates or log-ratios"),
        (("kennedy_disease", "--change", "30%", "--minutes", "one"), "minutes must be numbers"),
        (("kennedy_disease", "--change", "30%", "--minutes", ","), "minutes must name a length"),
        (("kennedy_disease", "--change", "30%", "--people", "2"), "people must lie in"),
        (("kennedy_disease", "--change", "30%", "--sensitivity", "2"), "sensitivity must lie in"),
        (("kennedy_disease", "--change", "30%", "--mean", "3"), "condition must be given, or else --pilot"),
        (
            (
                "night_cramps",
                "--ratio",
                "0.5",
                "--people",
                "10",
                "--minutes",
                "1",
                "--quantity",
                "cramp_discharge_rate",
                "--render",
                "1",
            ),
            "render must be left out",
        ),
        (("kennedy_disease", "--ratio", "-1"), "ratio must be above 0"),
        (("kennedy_disease", "--change", "30%", "--minutes", "500"), "minutes must lie in"),
        (("--change", "30%"), "condition must be given, or else --pilot"),
        (("healthy", "--design", "against-healthy"), "condition must be none of health"),
        (("kennedy_disease", "--design", "against-healthy", "--ratio", "2"), "change must be left out"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_a_sentence(run: "Run", asked: tuple[str, ...], said: str) -> None:
    code, out, err = run("cohort", "power", *asked)
    assert code == 2
    assert said in err
    assert not out
