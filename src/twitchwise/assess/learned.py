"""Whether anything new was learned since an earlier case, for the person who asks again and again."""

from dataclasses import dataclass

from twitchwise.assess.assessment import Assessment
from twitchwise.assess.case import Case
from twitchwise.vocabulary import FindingState
from twitchwise.vocabulary.text import say, say_many


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """What is new since an earlier case.

    Parameters
    ----------
    findings
        Findings whose state or value is another one now.
    urgency_changed
        Whether the advice is another one now.
    """

    findings: tuple[str, ...]
    urgency_changed: bool

    @property
    def nothing(self) -> bool:
        """Whether nothing new was learned."""
        return not self.findings and not self.urgency_changed

    @property
    def sentence(self) -> str:
        """The same in plain words."""
        if self.nothing:
            return say(
                "Nothing new was learned since the last check: the answers are the same, and so is the advice. "
                "Checking again does not make it surer. Check again when something changes."
            )
        if self.urgency_changed:
            return say_many(
                "{count} answer differs from the last check, and the advice is another one.",
                "{count} answers differ from the last check, and the advice is another one.",
                count=len(self.findings),
            )
        return say_many(
            "{count} answer differs from the last check, and the advice stays the same.",
            "{count} answers differ from the last check, and the advice stays the same.",
            count=len(self.findings),
        )


def learned_since(earlier: tuple[Case, Assessment], now: tuple[Case, Assessment]) -> Learned:
    """Return what is new in a case and its assessment, compared with earlier ones."""
    (case_then, then), (case_now, today) = earlier, now
    names = sorted({*case_then.observations, *case_now.observations})
    return Learned(
        findings=tuple(name for name in names if _known(case_then, name) != _known(case_now, name)),
        urgency_changed=then.urgency.level is not today.urgency.level,
    )


def _known(case: Case, name: str) -> tuple[FindingState, float | None]:
    seen = case.observations.get(name)
    return (case.state(name), None if seen is None else seen.value)
