"""Fixtures and profiles that every room's tests share."""

import gc
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from twitchwise.knowledge import Library

settings.register_profile("dev", max_examples=50, deadline=None)
# always the same examples, so that a change is to blame for what fails; "nightly" looks farther
settings.register_profile(
    "ci", max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("nightly", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


@contextmanager
def untraced() -> Iterator[None]:
    """Take the tracer of coverage away from this thread for a while; it takes as long as what it looks at."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)
        _called()


def _called() -> None:
    """Bring the tracer wholly back, which it is with the first call that it sees."""


def is_covered(config: pytest.Config) -> bool:
    """Tell whether this process runs tests and measures coverage; any other tracer is a debugger, and stays."""
    plugins = config.pluginmanager
    return plugins.hasplugin("_cov") and not plugins.hasplugin("dsession") and sys.gettrace() is not None


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Keep every tracer out of a test that is marked no_cover.

    A worker of pytest-xdist has two of pytest-cov's: when the one is paused, the other takes over, and counts nothing.
    """
    if item.get_closest_marker("no_cover") is None or not is_covered(item.config):
        return (yield)
    of_threads = threading.gettrace()
    threading.settrace(None)
    try:
        with untraced():
            return (yield)
    finally:
        threading.settrace(of_threads)


def pytest_collection_finish() -> None:
    """Spare the collector of garbage the thousands of tests, which all stay, and let it come less often."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


@pytest.fixture(scope="session", autouse=True)
def _drawings_are_untraced(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let matplotlib draw without the tracer: nothing of the program runs meanwhile."""
    if not is_covered(request.config):
        yield
        return
    from matplotlib.figure import Figure  # noqa: PLC0415 - a second that other runs need not wait

    draw = Figure.savefig

    def savefig(*args: Any, **options: Any) -> None:  # noqa: ANN401 - whatever matplotlib takes
        with untraced():
            draw(*args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Figure, "savefig", savefig)
        yield


SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real recordings beside the checkout; skips where it is not there."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip(f"real recordings are not beside the checkout ({folder})")
    return folder


@pytest.fixture(scope="session")
def shared_cases() -> Path:
    """Folder of real cases beside the checkout; skips where it is not there."""
    folder = SHARED / "cases"
    if not folder.is_dir():
        pytest.skip(f"real cases are not beside the checkout ({folder})")
    return folder


@pytest.fixture(scope="session")
def issues_of() -> Callable[[Path], list[tuple[str, str, str]]]:
    """Let the public validator judge a BIDS data set and the truth in it: severity, code and field of each issue."""

    def judged(folder: Path) -> list[tuple[str, str, str]]:
        done = subprocess.run(  # noqa: S603 - the validator of the development environment
            [str(Path(sys.executable).parent / "bids-validator-deno"), str(folder), "-r", "--format", "json"],
            capture_output=True,
            text=True,
            check=False,
        )
        verdict = json.loads(done.stdout)
        found = [verdict, *verdict.get("derivativesSummary", {}).values()]
        issues = [issue for one in found for issue in one["issues"]["issues"]]
        return [(issue["severity"], issue["code"], issue.get("subCode", "")) for issue in issues]

    return judged


SMALL_KNOWLEDGE = {
    "sources/example_2020.yaml": """\
id: example_2020
title: An example
authors: [Example A]
year: 2020
container: Journal of Examples
design: cohort
read: abstract
read_on: 2026-11-22
url: https://example.org/paper
reach: public
good_for: seeing what a source looks like
""",
    "findings/twitch.yaml": """\
id: twitch
label: fasciculation
plain: twitches in a muscle
kind: symptom
asked: {question: "Does a muscle twitch?", help: "Any muscle counts."}
""",
    "findings/weak.yaml": """\
id: weak
label: weakness
plain: a weak muscle
kind: symptom
group: weakness
asked: {question: "Is a muscle weak?"}
""",
    "findings/drops.yaml": """\
id: drops
label: loss of dexterity
plain: dropping things
kind: symptom
group: weakness
asked: {question: "Do you drop things?"}
""",
    "findings/strong.yaml": """\
id: strong
label: full strength
plain: full strength
kind: sign
excludes: [stiff]
asked: {question: "Are you strong?"}
""",
    "findings/stiff.yaml": """\
id: stiff
label: rigidity
plain: stiff muscles
kind: sign
excludes: [strong]
requires: twitch
asked: {question: "Are you stiff?"}
""",
    "findings/choking.yaml": """\
id: choking
label: choking
plain: choking
kind: symptom
emergency_sign: true
ask_order: 1
asked: {question: "Are you choking?"}
""",
    "findings/days.yaml": """\
id: days
label: duration
plain: days of twitching
kind: history
answer: number
unit: day
requires: twitch
asked: {question: "For how many days?", least: 0, most: 1000}
""",
    "findings/rate.yaml": """\
id: rate
label: rate
plain: twitches a minute
kind: measurement
answer: number
unit: 1/min
measured: {by: rate}
""",
    "findings/coffee.yaml": """\
id: coffee
label: a high intake of caffeine
plain: much coffee
kind: exposure
background: {assumed: {value: 0.2, because: made up for tests}, population: people_who_ask}
said_as: [much coffee, cups of coffee]
asked: {question: "Do you drink much coffee?", checklist: habits}
""",
    "checklists/habits.yaml": """\
id: habits
question: Which of these fit you?
""",
    "claims/coffee_twitch.yaml": """\
id: coffee_twitch
claim: Coffee makes muscles twitch.
verdict: partly
answer: Many people say so, and no trial has tested it so far.
about: [much_coffee]
evidence: [{source: example_2020, because: it says so in the abstract}]
review: {state: draft}
""",
    "medicines/stimulant.yaml": """\
id: stimulant
label: Stimulants
names: [examplamine]
condition: much_coffee
effects:
  - {finding: twitch, evidence: [{source: example_2020, because: it says so in the abstract}]}
review: {state: draft}
""",
    "advice/rest.yaml": """\
id: rest
text: Rest the muscle for a few days.
evidence: [{source: example_2020, because: it says so in the abstract}]
""",
    "parameters/assessment_interval_z.yaml": """\
id: assessment_interval_z
label: half width
unit: "1"
value: {assumed: {value: 1.96, because: two-sided 95 percent of a normal}}
bounds: [0, 10]
""",
    "parameters/assessment_shrinkage.yaml": """\
id: assessment_shrinkage
label: shrinkage
unit: "1"
value: {assumed: {value: 0.65, because: findings are correlated}}
bounds: [0, 1]
""",
    "parameters/assessment_reported_logit_sd.yaml": """\
id: assessment_reported_logit_sd
label: width
unit: "1"
value: {assumed: {value: 0.35, because: a usual size of studies}}
bounds: [0, 3]
""",
    "parameters/assessment_assumed_logit_sd.yaml": """\
id: assessment_assumed_logit_sd
label: width
unit: "1"
value: {assumed: {value: 0.7, because: a factor of four in odds}}
bounds: [0, 3]
""",
    "parameters/assessment_decided_from.yaml": """\
id: assessment_decided_from
label: assessment decided from
unit: "1"
value: {assumed: {value: 0.3, because: made up for tests}}
bounds: [0, 1]
""",
    "parameters/assessment_together_from.yaml": """\
id: assessment_together_from
label: assessment together from
unit: "1"
value: {assumed: {value: 0.5, because: made up for tests}}
bounds: [0, 1]
""",
    "parameters/question_least_worth.yaml": """\
id: question_least_worth
label: question least worth
unit: "1"
value: {assumed: {value: 0.02, because: made up for tests}}
bounds: [0, 10]
""",
    "parameters/question_urgency_weight.yaml": """\
id: question_urgency_weight
label: question urgency weight
unit: "1"
value: {assumed: {value: 1, because: made up for tests}}
bounds: [0, 10]
""",
    "rules/choking_now.yaml": """\
id: choking_now
label: Choking
level: emergency
any_of: [{finding: choking}]
because: Choking can stop the breath within minutes.
evidence: [{source: example_2020, because: it says so in the abstract}]
review: {state: draft}
""",
    "rules/weak_and_drops.yaml": """\
id: weak_and_drops
label: Weakness that shows
level: soon
all_of: [{finding: weak}, {finding: drops}]
because: Weakness that shows should be looked at soon.
evidence: [{source: example_2020, because: it says so in the abstract}]
review: {state: draft}
""",
    "rules/long_twitch.yaml": """\
id: long_twitch
label: Twitch of more than two weeks
level: routine
all_of: [{finding: twitch}, {finding: days, state: {above: 14}}]
because: A twitch that lasts is worth a visit.
differs_from: [only_a_twitch]
evidence: [{source: example_2020, because: it says so in the abstract}]
review: {state: draft}
""",
    "rules/only_a_twitch.yaml": """\
id: only_a_twitch
label: A twitch alone
level: self_care
all_of: [{finding: twitch}]
unless: [{finding: weak}]
because: A twitch alone is harmless in most people.
differs_from: [long_twitch]
evidence: [{source: example_2020, because: it says so in the abstract}]
review: {state: draft}
""",
    "conditions/tired_muscle.yaml": """\
id: tired_muscle
label: Tired muscle
kind: modulator
family: benign
names: [overworked muscle]
summary: A muscle that has worked hard twitches for a while.
what_happens: The nerve ending is easier to set off after hard work.
pre_test:
  - {setting: community, assumed: {value: 0.3, because: made up for tests}}
  - {setting: primary_care, assumed: {value: 0.2, because: made up for tests}}
  - setting: neurology_clinic
    counts: {present: 5, examined: 100}
    evidence: [{source: example_2020, quote: "5 of 100", because: gives the counts}]
mechanism:
  - {parameter: assessment_interval_z, change: {scale: {assumed: {value: 1.1, because: made up for tests}}}}
findings:
  - finding: twitch
    state: present
    in_condition: {counts: {present: 36, examined: 40}}
    in_others: {counts: {present: 12, examined: 60}, population: healthy_adults}
    evidence: [{source: example_2020, quote: "36 of 40 against 12 of 60", because: gives the counts}]
  - finding: rate
    state: {above: 10}
    in_condition: {reported: {value: 0.6, interval: [0.4, 0.8]}}
    in_others: {reported: {value: 0.3}, population: healthy_adults}
    evidence: [{source: example_2020, because: gives the shares used here}]
  - finding: strong
    state: present
    in_condition: {assumed: {value: 0.9, because: made up for tests}}
    in_others: {assumed: {value: 0.5, because: made up for tests}, population: healthy_adults}
  - finding: stiff
    state: absent
    in_condition: {assumed: {value: 0.9, because: made up for tests}}
    in_others: {assumed: {value: 0.5, because: made up for tests}, population: healthy_adults}
urgency: {level: self_care}
care:
  examine: [Look at the muscle.]
  test: [Measure the nerve.]
  offer: [Rest may help.]
  outlook: It mostly gets better within a few weeks.
  evidence: [{source: example_2020, because: it says so in the abstract}]
advice: [rest]
mimics: [sick_nerve]
read_more: [example_2020]
review: {state: draft}
""",
    "conditions/much_coffee.yaml": """\
id: much_coffee
label: Much coffee
kind: trigger
family: trigger
summary: A lot of coffee makes nerves easier to set off.
what_happens: The nerve ending is easier to set off for some hours.
pre_test:
  - {setting: community, assumed: {value: 0.1, because: made up for tests}}
  - {setting: primary_care, assumed: {value: 0.1, because: made up for tests}}
  - {setting: neurology_clinic, assumed: {value: 0.1, because: made up for tests}}
findings:
  - {finding: coffee, in_condition: {assumed: {value: 0.95, because: made up for tests}}}
urgency: {level: self_care}
care:
  examine: [Look at the muscle.]
  test: [Measure the nerve.]
  offer: [Rest may help.]
  outlook: It mostly gets better within a few weeks.
  evidence: [{source: example_2020, because: it says so in the abstract}]
advice: [rest]
review: {state: draft}
""",
    "muscles/calf.yaml": """\
id: calf
label: Calf
summary: A muscle that is made up for tests.
changes:
  - parameter: assessment_interval_z
    change: {scale: {reported: {value: 1.5}}}
    evidence: [{source: example_2020, because: it says so in the abstract}]
""",
    "stories/coffee_and_nerves.yaml": """\
id: coffee_and_nerves
question: Does coffee make nerves fire?
about: [much_coffee, coffee]
claims: [coffee_twitch]
popular:
  says: Coffee makes every nerve fire at once.
  changes:
    - {parameter: assessment_interval_z, change: {scale: {assumed: {value: 2.0, because: made up for tests}}}}
evidence:
  says: Nothing was found that coffee changes.
default: evidence
review: {state: draft}
""",
    "scenes/stand.yaml": """\
id: stand
label: Standing
summary: A scene that is made up for tests.
changes:
  - {parameter: assessment_interval_z, change: {set: {assumed: {value: 2.0, because: made up for tests}}}}
""",
    "conditions/sick_nerve.yaml": """\
id: sick_nerve
label: Sick nerve
kind: disease
family: neuropathy
scene: stand
muscle: calf
names: [neuropathy, ill nerve]
summary: A nerve that is ill makes its muscle weak and thin.
what_happens: The nerve fires by itself and the muscle loses fibers.
pre_test:
  - {setting: community, assumed: {value: 0.00001, because: made up for tests}}
  - {setting: primary_care, assumed: {value: 0.01, because: made up for tests}}
  - {setting: neurology_clinic, assumed: {value: 0.3, because: made up for tests}}
findings:
  - finding: weak
    state: present
    in_condition: {counts: {present: 38, examined: 40}}
    in_others: {counts: {present: 6, examined: 60}, population: healthy_adults}
    evidence: [{source: example_2020, quote: "38 of 40 against 6 of 60", because: gives the counts}]
  - finding: drops
    state: present
    in_condition: {counts: {present: 30, examined: 40}}
    in_others: {counts: {present: 3, examined: 60}, population: healthy_adults}
    evidence: [{source: example_2020, quote: "30 of 40 against 3 of 60", because: gives the counts}]
urgency: {level: soon}
care:
  examine: [Look at the muscle.]
  test: [Measure the nerve.]
  offer: [Rest may help.]
  outlook: It mostly gets better within a few weeks.
  evidence: [{source: example_2020, because: it says so in the abstract}]
red_flags: [drops]
review: {state: draft}
""",
}


def _vignette(condition: str, role: str) -> str:
    return (
        f"id: {condition}_{role}\nlabel: {condition}\nabout: {condition}\nrole: {role}\norigin: made up for tests\n"
        "case: {findings: {twitch: present}}\nexpect: {urgency_at_least: self_care}\n"
    )


for _condition in ("tired_muscle", "much_coffee", "sick_nerve"):
    for _role in ("typical", "near_miss"):
        SMALL_KNOWLEDGE[f"vignettes/{_condition}_{_role}.yaml"] = _vignette(_condition, _role)


@pytest.fixture
def small_folder(tmp_path: Path) -> Path:
    """Folder of a small, sound set of knowledge files that a test may change."""
    folder = tmp_path / "data"
    for name, text in SMALL_KNOWLEDGE.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def small_library(small_folder: Path) -> Library:
    """The small set, read."""
    return Library(small_folder)
