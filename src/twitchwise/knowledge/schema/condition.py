"""A cause: what is seen, how often, what it does to the motor system, how urgent it is, what mimics it."""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.evidence import Evidence
from twitchwise.knowledge.schema.for_people import ForPeople
from twitchwise.knowledge.schema.number import Assumed, Band, Counts, Reported, Share
from twitchwise.knowledge.schema.parameter import Mechanism
from twitchwise.knowledge.schema.review import Review
from twitchwise.vocabulary import Family, Setting

Sentence = Annotated[ForPeople, Meta(min_length=5, max_length=250)]

REQUIRED_SETTINGS = frozenset({Setting.COMMUNITY, Setting.PRIMARY_CARE, Setting.NEUROLOGY_CLINIC})


class ConditionKind(StrEnum):
    """What sort of cause it is."""

    TRIGGER = "trigger"
    MODULATOR = "modulator"
    BENIGN_SYNDROME = "benign_syndrome"
    DISEASE = "disease"
    NORMAL_PHENOMENON = "normal_phenomenon"


class Xref(Entry, frozen=True, kw_only=True):
    """The same condition elsewhere."""

    mondo: Annotated[str, Meta(pattern=r"^MONDO:\d{7}$")] | None = None
    hp: Annotated[str, Meta(pattern=r"^HP:\d{7}$")] | None = None
    icd11: str | None = None


class PreTest(Entry, frozen=True, kw_only=True):
    """Share of people who come to this setting with a twitch, tremor or like complaint whose main cause this is."""

    setting: Setting
    counts: Counts | None = None
    reported: Reported | None = None
    assumed: Assumed | None = None
    evidence: tuple[Evidence, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what a share refuses."""
        _ = self.share

    @property
    def share(self) -> Share:
        """The number alone."""
        return Share(counts=self.counts, reported=self.reported, assumed=self.assumed)


class FindingLink(Entry, frozen=True, kw_only=True):
    """How often a finding is in a state in this condition, and in a named comparison population.

    Without ``in_others`` the comparison is the finding's own ``background``.
    """

    finding: str
    state: Literal["present", "absent"] | Band = "present"
    in_condition: Share
    in_others: Share | None = None
    evidence: tuple[Evidence, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a comparison without a population, and a number from a source without evidence."""
        if self.in_others is not None and self.in_others.population is None:
            raise ValueError("in_others must name its population")
        sourced = any(share is not None and share.assumed is None for share in (self.in_condition, self.in_others))
        if sourced and not self.evidence:
            raise ValueError("a counted or reported number must give its evidence")


class Urging(Entry, frozen=True, kw_only=True):
    """How soon to seek help when this is the cause; shown, while rules decide."""

    level: Literal["emergency", "same_day", "soon", "routine", "self_care"]
    evidence: tuple[Evidence, ...] = ()


class Care(Entry, frozen=True, kw_only=True):
    """What a professional may examine, test and offer, and what to expect over time; never a prescription.

    Each is a list of short sentences; ``outlook`` is in plain words.
    """

    examine: tuple[Sentence, ...] = ()
    test: tuple[Sentence, ...] = ()
    offer: tuple[Sentence, ...] = ()
    outlook: Annotated[ForPeople, Meta(min_length=20, max_length=400)]
    evidence: Annotated[tuple[Evidence, ...], Meta(min_length=1)]


class Form(Entry, frozen=True, kw_only=True):
    """A form of a condition that has a name of its own, and the findings that tell it from the other forms."""

    names: Annotated[tuple[str, ...], Meta(min_length=1)]
    findings: tuple[str, ...] = ()


class Condition(Entry, frozen=True, kw_only=True):
    """One cause.

    ``summary`` says in plain words what it is; ``what_happens`` what it does to the twitch; both at reading age 9-11.
    ``names`` are other names, forms and groupings that mean it in a text; ``family`` the family it is counted in.
    ``mechanism`` is what it changes in the forward model, shown best in a ``scene`` and a ``muscle``.
    A cause of kind ``trigger`` is weighed on its own, because it can add to any other cause.
    """

    id: str
    label: ForPeople
    kind: ConditionKind
    family: Family
    names: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()
    summary: Annotated[ForPeople, Meta(min_length=20)]
    what_happens: Annotated[ForPeople, Meta(min_length=20)]
    xref: Xref = Xref()
    pre_test: Annotated[tuple[PreTest, ...], Meta(min_length=1)]
    scene: str | None = None
    muscle: str | None = None
    mechanism: tuple[Mechanism, ...] = ()
    findings: Annotated[tuple[FindingLink, ...], Meta(min_length=1)]
    urgency: Urging
    care: Care
    red_flags: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    mimics: tuple[str, ...] = ()
    read_more: tuple[str, ...] = ()
    review: Review

    def __post_init__(self) -> None:
        """Refuse a setting or a finding that is given twice."""
        settings = [pre_test.setting for pre_test in self.pre_test]
        if len(set(settings)) != len(settings):
            raise ValueError("pre_test must give each setting once")
        if not set(settings) >= REQUIRED_SETTINGS:
            raise ValueError(f"pre_test must give every setting of {sorted(REQUIRED_SETTINGS)!r}")
        links = [(link.finding, link.state) for link in self.findings]
        if len(set(links)) != len(links):
            raise ValueError("findings must give each finding and state once")

    def share_in(self, setting: Setting) -> Share:
        """Return the pre-test share in a setting; the neurology clinic's where the setting is not given."""
        shares = {pre_test.setting: pre_test.share for pre_test in self.pre_test}
        return shares.get(setting, shares[Setting.NEUROLOGY_CLINIC])
