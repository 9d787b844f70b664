"""One visit to the pages: what was answered so far, immutable, so that a half-made change is never seen."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from twitchwise.assess import Case
from twitchwise.assess.case import observe
from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge.schema import Finding
from twitchwise.vocabulary import Setting, Sex
from twitchwise.web.order import emergency_signs, fits


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """What a person has told the pages.

    Parameters
    ----------
    answers
        ``present``, ``absent``, ``not_assessed`` or a number in digits, by finding id; "I don't know" is kept as
        ``not_assessed``, so that it is not asked again.
    signs_asked
        Whether the emergency signs were answered; nothing else is asked before.
    age_years, sex
        Where given.
    recordings
        Recordings that were measured; their files are gone by then.
    """

    answers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    signs_asked: bool = False
    age_years: float | None = None
    sex: Sex | None = None
    recordings: tuple[ExaminedRecording, ...] = ()

    def case(self, findings: Mapping[str, Finding]) -> Case:
        """Return the answers as a case of the community, where people look this up by themselves."""
        observations = {name: observe(findings[name], answer) for name, answer in self.answers.items()}
        return Case(observations=observations, setting=Setting.COMMUNITY, age_years=self.age_years, sex=self.sex)

    def with_signs(self, ticked: frozenset[str], findings: Mapping[str, Finding]) -> "Visit":
        """Return the visit with every emergency sign answered: ticked ones are there, the others are not."""
        signs = {sign.id: "present" if sign.id in ticked else "absent" for sign in emergency_signs(findings)}
        return dataclasses.replace(self, answers=MappingProxyType({**self.answers, **signs}), signs_asked=True)

    def with_answer(self, finding: str, answer: str, findings: Mapping[str, Finding]) -> "Visit":
        """Return the visit with one more answer, and without those that it makes senseless."""
        changed = dataclasses.replace(self, answers={**self.answers, finding: answer})
        case = changed.case(findings)
        kept = {name: said for name, said in changed.answers.items() if fits(findings[name], case, findings)}
        return dataclasses.replace(changed, answers=MappingProxyType(kept))

    def with_person(self, age_years: float | None, sex: Sex | None) -> "Visit":
        """Return the visit with who it is about."""
        return dataclasses.replace(self, age_years=age_years, sex=sex)

    def with_recording(self, recording: ExaminedRecording) -> "Visit":
        """Return the visit with one more recording."""
        return dataclasses.replace(self, recordings=(*self.recordings, recording))

    def without_recording(self, place: int) -> "Visit":
        """Return the visit without the recording at ``place``, counted from 0; as it is where there is none."""
        kept = tuple(recording for index, recording in enumerate(self.recordings) if index != place)
        return dataclasses.replace(self, recordings=kept)
