"""One visit to the pages: what was answered so far, immutable, so that a half-made change is never seen."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from twitchwise.assess import Assessment, Case, Observation
from twitchwise.assess.case import observe
from twitchwise.assess.intake.reader import LANGUAGE
from twitchwise.examine import ExaminedRecording
from twitchwise.knowledge.schema import Finding
from twitchwise.vocabulary import FindingState, Setting, Sex
from twitchwise.web.body_map import Place
from twitchwise.web.order import emergency_signs, fits, is_sign

Findings = Mapping[str, Finding]


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
    text
        What was said in the person's own words.
    text_language
        Id of the language that it was written in, whatever language the pages are in by now.
    told
        What of it the person has agreed to, by finding id, with side, site, duration and course.
    places
        Where a finding is, by finding id, as it was pointed at.
    told_asked
        Whether the person was asked for own words and, where there are some, whether they were understood.
    person_asked
        Whether age and sex were asked for.
    age_years, sex
        Where given.
    pages
        The pages of questions that were answered, in their order: the finding ids by the id of the page.
    recordings
        Recordings that were measured; their files are gone by then.
    shown
        The case and the assessment of the last result that the person has seen.
    revised
        Whether anything was answered since then.
    """

    answers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    signs_asked: bool = False
    text: str = ""
    text_language: str = LANGUAGE
    told: Mapping[str, Observation] = field(default_factory=lambda: MappingProxyType({}))
    places: Mapping[str, Place] = field(default_factory=lambda: MappingProxyType({}))
    told_asked: bool = False
    person_asked: bool = False
    age_years: float | None = None
    sex: Sex | None = None
    pages: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    recordings: tuple[ExaminedRecording, ...] = ()
    shown: tuple[Case, Assessment] | None = None
    revised: bool = False

    def case(self, findings: Findings) -> Case:
        """Return the answers as a case of the community, where people look this up by themselves."""
        observations = {name: self._seen(findings[name], answer) for name, answer in self.answers.items()}
        return Case(observations=observations, setting=Setting.COMMUNITY, age_years=self.age_years, sex=self.sex)

    def _seen(self, finding: Finding, answer: str) -> Observation:
        told, place = self.told.get(finding.id), self.places.get(finding.id)
        seen = told if told is not None and told.state == answer else observe(finding, answer)
        if place is None or not place.sites or seen.state is not FindingState.PRESENT:
            return seen
        return dataclasses.replace(seen, sites=place.sites, side=place.side)

    @property
    def told_only(self) -> frozenset[str]:
        """Ids of the findings that are answered by the person's own words and by no page of questions."""
        asked = {name for names in self.pages.values() for name in names}
        return frozenset(name for name in self.told if name in self.answers and name not in asked)

    def with_signs(self, ticked: frozenset[str], findings: Findings) -> "Visit":
        """Return the visit with every emergency sign answered: ticked ones are there, the others are not."""
        signs = {sign.id: "present" if sign.id in ticked else "absent" for sign in emergency_signs(findings)}
        told = {name: seen for name, seen in self.told.items() if name not in signs}
        return self._changed(answers={**self.answers, **signs}, told=told, signs_asked=True)

    def with_text(self, text: str, findings: Findings, language: str = LANGUAGE) -> "Visit":
        """Return the visit with other words of the person's own, of which nothing counts before it is agreed to."""
        if text == self.text:
            return dataclasses.replace(self, told_asked=self.told_asked or not text)
        answers = self._untold(findings)
        return self._changed(answers=answers, told={}, text=text, text_language=language, told_asked=not text)

    def with_told(self, told: Mapping[str, Observation], findings: Findings) -> "Visit":
        """Return the visit with what the person agrees to of what was understood, in place of what was before."""
        answers = {**self._untold(findings), **{name: seen.state.value for name, seen in told.items()}}
        return self._changed(answers=answers, told=told, told_asked=True).fitting(findings)

    def _untold(self, findings: Findings) -> dict[str, str]:
        """Return the answers without those from own words; an emergency sign falls back to what its page said."""
        signs = {name: "absent" for name in self.told_only if is_sign(findings[name])}
        return {**{name: said for name, said in self.answers.items() if name not in self.told_only}, **signs}

    def with_answers(self, page: str, answers: Mapping[str, str], findings: Findings) -> "Visit":
        """Return the visit with the answers of one page, and without those that they make senseless."""
        pages = {**self.pages, page: tuple(answers)}
        return self._changed(answers={**self.answers, **answers}, pages=pages).fitting(findings)

    def with_place(self, name: str, place: Place) -> "Visit":
        """Return the visit with where a finding is."""
        return self._changed(places={**self.places, name: place})

    def fitting(self, findings: Findings) -> "Visit":
        """Return the visit without the answers that another answer makes senseless."""
        case = self.case(findings)
        kept = {name: said for name, said in self.answers.items() if fits(findings[name], case, findings)}
        pages = {page: names for page, names in self.pages.items() if any(name in kept for name in names)}
        return self._changed(answers=kept, pages=pages)

    def with_person(self, age_years: float | None, sex: Sex | None) -> "Visit":
        """Return the visit with who it is about."""
        return self._changed(age_years=age_years, sex=sex, person_asked=True)

    def with_recording(self, recording: ExaminedRecording) -> "Visit":
        """Return the visit with one more recording."""
        return self._changed(recordings=(*self.recordings, recording))

    def without_recording(self, place: int) -> "Visit":
        """Return the visit without the recording at ``place``, counted from 0; as it is where there is none."""
        kept = tuple(recording for index, recording in enumerate(self.recordings) if index != place)
        return self if len(kept) == len(self.recordings) else self._changed(recordings=kept)

    def with_shown(self, case: Case, assessment: Assessment) -> "Visit":
        """Return the visit after its result was shown."""
        return dataclasses.replace(self, shown=(case, assessment), revised=False)

    def _changed(self, **changes: object) -> "Visit":
        sealed = {name: MappingProxyType(new) if isinstance(new, dict) else new for name, new in changes.items()}
        return dataclasses.replace(self, **sealed, revised=True)  # type: ignore[arg-type]  # the fields' own types
