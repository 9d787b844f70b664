"""The shape of every knowledge file; a file that does not fit is refused with its line and key."""

from twitchwise.knowledge.schema.advice import Advice
from twitchwise.knowledge.schema.checklist import Checklist
from twitchwise.knowledge.schema.claim import Claim, Verdict
from twitchwise.knowledge.schema.condition import Care, Condition, ConditionKind, FindingLink, Form, PreTest, Urging
from twitchwise.knowledge.schema.evidence import Evidence
from twitchwise.knowledge.schema.finding import Answer, Asked, DetailOf, Finding, FindingKind, LaboratoryLimit, Measured
from twitchwise.knowledge.schema.language import Language, Reach
from twitchwise.knowledge.schema.medicine import Effect, Medicine
from twitchwise.knowledge.schema.number import Assumed, Band, Counts, Quantity, Reported, Share
from twitchwise.knowledge.schema.parameter import Aging, Change, Mechanism, Parameter
from twitchwise.knowledge.schema.preset import Muscle, Preset, Scene
from twitchwise.knowledge.schema.published_range import (
    MEASURED_QUANTITIES,
    RATE_ALONE,
    Figures,
    Middle,
    Population,
    PublishedRange,
    Span,
)
from twitchwise.knowledge.schema.review import Review
from twitchwise.knowledge.schema.rule import Rule
from twitchwise.knowledge.schema.sayings import Sayings
from twitchwise.knowledge.schema.source import Design, Read, Source
from twitchwise.knowledge.schema.story import Side, Story
from twitchwise.knowledge.schema.vignette import Expectation, Vignette

__all__ = [
    "MEASURED_QUANTITIES",
    "RATE_ALONE",
    "Advice",
    "Aging",
    "Answer",
    "Asked",
    "Assumed",
    "Band",
    "Care",
    "Change",
    "Checklist",
    "Claim",
    "Condition",
    "ConditionKind",
    "Counts",
    "Design",
    "DetailOf",
    "Effect",
    "Evidence",
    "Expectation",
    "Figures",
    "Finding",
    "FindingKind",
    "FindingLink",
    "Form",
    "LaboratoryLimit",
    "Language",
    "Measured",
    "Mechanism",
    "Medicine",
    "Middle",
    "Muscle",
    "Parameter",
    "Population",
    "PreTest",
    "Preset",
    "PublishedRange",
    "Quantity",
    "Reach",
    "Read",
    "Reported",
    "Review",
    "Rule",
    "Sayings",
    "Scene",
    "Share",
    "Side",
    "Source",
    "Span",
    "Story",
    "Urging",
    "Verdict",
    "Vignette",
]
