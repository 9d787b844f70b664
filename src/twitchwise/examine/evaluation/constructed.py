"""Benign twitch cases, constructed: no published case is labeled so, though it is what most people have.

Each of the 500 is drawn, with a fixed seed, from published shares; no real person is behind one. The label follows
the NHS page on twitching, which says when to see a GP: self-care for a twitch of at most two weeks in one place without
a weak or stiff feeling; tingling and cramps in the same area may be there. Numb spots, which 47 % of the cohort had,
call for a visit and are left out.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from twitchwise.assess import Case, Observation
from twitchwise.vocabulary import FindingState, Setting, Sex, Urgency

HOW_MANY = 500
SEED = 20261124


@dataclass(frozen=True, slots=True)
class ConstructedCase:
    """A constructed case and how soon help is due for it."""

    name: str
    case: Case
    due: Urgency


# share of people with it, and where the share was published
COMPANIONS: dict[str, tuple[float, str]] = {
    "tingling": (0.706, "benign fasciculations, prospective cohort 2017 (n = 34)"),
    "muscle_cramps": (0.647, "the same cohort"),
    "anxiety": (0.5, "most reported anxiety, Filippakis 2018; taken as half"),
    "stress": (0.5, "the same, taken as half"),
}
TRIGGERS: dict[str, tuple[float, str]] = {
    "caffeine_intake_high": (0.4, "caffeine named as a factor, Simon & Kiernan 2013; share assumed"),
    "too_little_sleep": (0.4, "assumed"),
    "recent_heavy_exercise": (0.35, "assumed"),
    "screen_time_long": (0.6, "6.88 against 4.84 hours a day, eyelid case-control study 2024; share assumed"),
}
EYELID_SHARE = 0.3  # assumed: lids and calves are the usual places
SIGNS_DENIED = (
    "muscle_wasting",
    "progressive_weakness",
    "drops_things",
    "foot_drop",
    "slurred_speech",
    "difficulty_swallowing",
    "muscle_weakness",
    "muscle_stiffness",
)
LONGEST_DAYS = 14


def benign_cases(how_many: int = HOW_MANY, seed: int = SEED) -> Iterator[ConstructedCase]:
    """Give constructed benign cases.

    Parameters
    ----------
    how_many
        Number of cases.
    seed
        The same seed gives the same cases.
    """
    draw = random.Random(seed)  # noqa: S311 - no secret
    for number in range(how_many):
        yield _one(f"constructed-{number + 1}", draw)


def _one(name: str, draw: random.Random) -> ConstructedCase:
    eyelid = draw.random() < EYELID_SHARE
    days = draw.randint(1, LONGEST_DAYS)
    there = {"fasciculation", "eyelid_twitch" if eyelid else "twitch_in_one_place"}
    if not eyelid:
        there |= {finding for finding, (share, _) in COMPANIONS.items() if draw.random() < share}
        if draw.random() < 1 / 2:
            there.add("calf_twitch")
    there |= {finding for finding, (share, _) in TRIGGERS.items() if draw.random() < share}
    absent = {sign for sign in SIGNS_DENIED if draw.random() < 1 / 2}
    observations = {one: Observation(finding=one, state=FindingState.PRESENT) for one in sorted(there)}
    observations |= {one: Observation(finding=one, state=FindingState.ABSENT) for one in sorted(absent)}
    observations["twitch_duration"] = Observation(
        finding="twitch_duration", state=FindingState.PRESENT, value=days, low=days, high=days
    )
    case = Case(
        observations=observations,
        setting=Setting.COMMUNITY,
        age_years=draw.randint(18, 75),
        sex=draw.choice(list(Sex)),
    )
    return ConstructedCase(name, case, Urgency.SELF_CARE)
