"""How soon to seek help and what may cause it, as a FHIR RiskAssessment: rules set the one, chances rank the other."""

from collections.abc import Iterator
from html import escape

from twitchwise.assess import Cause, Probability
from twitchwise.examine import Examination
from twitchwise.report.display import chance, chance_range, clean
from twitchwise.report.fhir.codes import OURS, UCUM, Json, coding, concept, filled, notes
from twitchwise.report.story import Story, story_of
from twitchwise.report.wording import CONTRIBUTORS_LEAD, DRAFT, HEADINGS, NOTICE, likely_word

METHOD = (
    "Rules with a cited source set how soon to seek help. The causes are ranked by Bayes' theorem from likelihood "
    "ratios with sources; their chances never lower the urgency. An interval is a 95 % interval."
)
_PERCENT = 100


def risk_assessment(examination: Examination) -> Json:
    """Return urgency and causes; who it is of and what it rests on the bundle adds."""
    story, assessment = story_of(examination), examination.assessment
    level = assessment.urgency.level
    rest = assessment.not_covered
    predictions = [
        *(_prediction(cause, "main_cause") for cause in assessment.causes),
        _of_chance(concept(HEADINGS.not_covered, coding("condition", "not_covered")), rest.probability, "not_covered"),
        *(_prediction(cause, "contributor") for cause in assessment.contributors),
    ]
    return filled(
        {
            "resourceType": "RiskAssessment",
            "text": _narrative(story),
            "extension": [
                {
                    "url": f"{OURS}:urgency",
                    "valueCodeableConcept": concept(
                        story.card.heading, coding("urgency", level.word, story.card.label)
                    ),
                }
            ],
            "status": "preliminary" if story.is_draft else "final",
            "method": concept(METHOD, coding("method", "rules_and_bayes")),
            "code": concept("How soon to seek help for a muscle twitch, and what may cause it"),
            "prediction": predictions,
            "mitigation": clean(" ".join((story.card.heading + ".", story.card.lead, *story.card.steps))),
            "note": notes(list(_notes(story))),
        }
    )


def _prediction(cause: Cause, role: str) -> Json:
    outcome = concept(cause.label, coding("condition", cause.id, cause.label))
    reasons = " ".join(dict.fromkeys(weight.sentence for weight in cause.reasons if weight.counted))
    return filled({**_of_chance(outcome, cause.probability, role), "rationale": clean(reasons)})


def _of_chance(outcome: Json, probability: Probability, role: str) -> Json:
    """Return a prediction; FHIR wants its probability as a percentage, and holds either a number or a range."""
    value, low, high = probability.value, probability.low, probability.high
    return {
        "extension": [
            {"url": f"{OURS}:role", "valueCode": role},
            {"url": f"{OURS}:probability-interval", "valueRange": {"low": _percent(low), "high": _percent(high)}},
        ],
        "outcome": outcome,
        "probabilityDecimal": value * _PERCENT,
        "qualitativeRisk": concept(f"{likely_word(value)}: {chance(value)} ({chance_range(value, low, high)})"),
    }


def _percent(share: float) -> Json:
    return {"value": share * _PERCENT, "unit": "%", "system": UCUM, "code": "%"}


def _notes(story: Story) -> Iterator[str]:
    yield NOTICE
    if story.is_draft:
        yield DRAFT
    for rule in (*story.rules, *(rule for group in story.differences for rule in group)):
        cited = "; ".join(citation.text for citation in rule.citations)
        yield f"{HEADINGS.why}: {rule.label} ({rule.level.lower()}): {rule.because}" + (f" [{cited}]" if cited else "")
    for line in story.would_change:
        yield f"{HEADINGS.would_change}: {line}"
    for line in story.signs_not_asked:
        yield f"Emergency sign that was not asked about: {line}"
    yield f"{HEADINGS.contributors}: {CONTRIBUTORS_LEAD}"
    yield story.separation
    yield from story.doubts


def _narrative(story: Story) -> Json:
    lines = [
        f"{story.card.label}: {story.card.heading}.",
        *(f"{rule.label}: {rule.because}" for rule in story.rules),
        *(f"{cause.label}: {cause.word}, {cause.chance} ({cause.range})." for cause in story.causes),
        NOTICE,
    ]
    inside = "".join(f"<p>{escape(clean(line))}</p>" for line in lines)
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{inside}</div>'}
