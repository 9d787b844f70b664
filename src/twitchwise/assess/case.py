"""A case: who it is about and what is known of each finding."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from twitchwise.knowledge.schema import Answer, Band, Finding
from twitchwise.vocabulary import Course, Detail, FindingState, Measurement, Setting, Sex, Side, UnreadableCaseError
from twitchwise.vocabulary.checks import require_not_negative

WORDS_OF_STATE: Mapping[str, FindingState] = MappingProxyType(
    {
        "present": FindingState.PRESENT,
        "yes": FindingState.PRESENT,
        "true": FindingState.PRESENT,
        "absent": FindingState.ABSENT,
        "no": FindingState.ABSENT,
        "false": FindingState.ABSENT,
        "not_assessed": FindingState.NOT_ASSESSED,
        "unknown": FindingState.NOT_ASSESSED,
        "i don't know": FindingState.NOT_ASSESSED,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """What is known of one finding: its state and, for a numeric finding, its value with an interval.

    ``side``, ``sites``, ``duration_days`` and ``course`` say more about a finding that is there, where it was told;
    ``said`` holds the words it was taken from.
    """

    finding: str
    state: FindingState
    value: float | None = None
    low: float | None = None
    high: float | None = None
    measured: bool = False
    side: Side | None = None
    sites: tuple[str, ...] = ()
    duration_days: float | None = None
    course: Course | None = None
    said: str | None = None

    def details(self, detail: Detail) -> tuple[str, ...]:
        """Return what is known of a detail as words; a duration has none."""
        told = {Detail.SIDE: self.side, Detail.COURSE: self.course}.get(detail)
        return self.sites if detail is Detail.SITE else () if told is None else (told.value,)

    @classmethod
    def of_measurement(cls, measurement: Measurement) -> "Observation":
        """Take a measurement of a recording as an observation of the finding of the same id."""
        return cls(
            finding=measurement.id,
            state=FindingState.PRESENT,
            value=measurement.value,
            low=measurement.low,
            high=measurement.high,
            measured=True,
        )

    def state_in(self, state: str | Band) -> FindingState:
        """Tell whether a statement about the finding holds: present, absent, or not settled by what is known."""
        if isinstance(state, Band):
            return self._state_in_band(state)
        return self.state if state == FindingState.PRESENT else _OPPOSITE[self.state]

    def _state_in_band(self, band: Band) -> FindingState:
        if self.value is None:
            return FindingState.NOT_ASSESSED
        inside = [band.holds(end) for end in (self.value, self.low, self.high) if end is not None]
        if all(inside):
            return FindingState.PRESENT
        return FindingState.NOT_ASSESSED if any(inside) or self._spans(band) else FindingState.ABSENT

    def _spans(self, band: Band) -> bool:
        low, high = self.low, self.high
        return (
            low is not None
            and high is not None
            and any(edge is not None and low < edge < high for edge in (band.above, band.below))
        )


_OPPOSITE = {
    FindingState.PRESENT: FindingState.ABSENT,
    FindingState.ABSENT: FindingState.PRESENT,
    FindingState.NOT_ASSESSED: FindingState.NOT_ASSESSED,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """Who it is about and what is known.

    Parameters
    ----------
    observations
        Findings that were assessed, by id; a finding that is not here was not assessed.
    setting
        Where the question is asked.
    age_years, sex
        Where known.

    Raises
    ------
    OutOfRangeError
        If the age is negative.
    """

    observations: Mapping[str, Observation] = field(default_factory=dict)
    setting: Setting = Setting.COMMUNITY
    age_years: float | None = None
    sex: Sex | None = None

    def __post_init__(self) -> None:
        """Drop findings that were not assessed and make the mapping read-only."""
        if self.age_years is not None:
            require_not_negative("age_years", self.age_years)
        known = {name: seen for name, seen in self.observations.items() if seen.state is not FindingState.NOT_ASSESSED}
        object.__setattr__(self, "observations", MappingProxyType(known))

    def state(self, finding: str) -> FindingState:
        """Return what is known of a finding."""
        seen = self.observations.get(finding)
        return FindingState.NOT_ASSESSED if seen is None else seen.state

    def with_observations(self, more: Mapping[str, Observation]) -> "Case":
        """Return the case with further or changed observations."""
        return Case(
            observations={**self.observations, **more}, setting=self.setting, age_years=self.age_years, sex=self.sex
        )


def observe(finding: Finding, answer: str) -> Observation:
    """Turn an answer in words or digits into an observation.

    Parameters
    ----------
    finding
        The finding that was asked.
    answer
        ``present``, ``absent``, ``not_assessed`` (or yes, no, unknown), or a number for a numeric finding.

    Raises
    ------
    UnreadableCaseError
        If the answer is none of these or the number lies outside what the finding allows.
    """
    word = answer.strip().lower()
    state = WORDS_OF_STATE.get(word)
    if finding.answer is Answer.NUMBER:
        number = None if state is FindingState.NOT_ASSESSED else _number(finding, word)
        return Observation(
            finding=finding.id,
            state=FindingState.NOT_ASSESSED if number is None else FindingState.PRESENT,
            value=number,
            low=number,
            high=number,
        )
    if state is None:
        raise UnreadableCaseError(f"{finding.id} must be present, absent or not_assessed, got {answer!r}.")
    return Observation(finding=finding.id, state=state)


def _number(finding: Finding, word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        raise UnreadableCaseError(f"{finding.id} must be a number in {finding.unit}, got {word!r}.") from None
    asked = finding.asked
    least = asked.least if asked and asked.least is not None else float("-inf")
    most = asked.most if asked and asked.most is not None else float("inf")
    if not least <= number <= most:
        raise UnreadableCaseError(f"{finding.id} must lie in [{least:g}, {most:g}] {finding.unit}, got {word!r}.")
    return number


def known_finding(findings: Mapping[str, Finding], name: str) -> Finding:
    """Return the finding of that id, or raise UnreadableCaseError with the nearest ids."""
    if name in findings:
        return findings[name]
    near = difflib.get_close_matches(name, findings)
    hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else "; see 'twitchwise knowledge list findings'."
    raise UnreadableCaseError(f"a finding must be a known one, got {name!r}{hint}")


def contradictions(case: Case, findings: Mapping[str, Finding]) -> Iterator[tuple[str, str]]:
    """Give each answer that contradicts another, as the finding's id and one sentence."""
    for name, seen in case.observations.items():
        if seen.state is not FindingState.PRESENT:
            continue
        finding = findings[name]
        for other in finding.excludes:
            if case.state(other) is FindingState.PRESENT:
                yield name, f"{name} and {other} must not both be present, they contradict each other."
        if finding.requires is not None and case.state(finding.requires) is FindingState.ABSENT and not seen.measured:
            yield name, f"{name} must not be present while {finding.requires} is absent, they contradict each other."


def refuse_contradictions(case: Case, findings: Mapping[str, Finding]) -> None:
    """Raise UnreadableCaseError at the first contradiction."""
    for _, sentence in contradictions(case, findings):
        raise UnreadableCaseError(sentence)
