"""Writes the reference pages that are made from the knowledge files, so that they cannot fall behind them."""

from collections.abc import Iterator
from pathlib import Path

from twitchwise.assess.explain import share_in_words
from twitchwise.assess.questions import in_order
from twitchwise.knowledge import Library, library
from twitchwise.knowledge.schema import Answer, Finding, Parameter, Quantity
from twitchwise.knowledge.schema.finding import Measured

HERE = Path(__file__).parent / "reference"
NOTE = "*Made from the knowledge files by `python docs/make_reference.py`; edit those, not this page.*"


def findings_page(known: Library) -> str:
    """Return the page of all findings, in the order in which they are asked."""
    rows = [f"| `{f.id}` | {_question(f)} | {_answer(f)} | {f.kind} |" for f in in_order(known.findings)]
    measured = [f"| `{f.id}` | {f.label} | {_by(f.measured)} |" for f in known.findings.values() if f.measured]
    return "\n".join(
        [
            "# Findings",
            "",
            NOTE,
            "",
            "What a case file may answer. Emergency signs come first.",
            "",
            "| id | question | answer | kind |",
            "|---|---|---|---|",
            *rows,
            "",
            "Measured in recordings:",
            "",
            "| id | what | there when the recording's |",
            "|---|---|---|",
            *measured,
            "",
        ]
    )


def _by(measured: Measured) -> str:
    if measured.above is None:
        return f"`{measured.by}` is a number"
    where = f", in a recording of {', '.join(measured.sites)}" if measured.sites else ""
    return f"`{measured.by}` is surely above {measured.above:g}{where}"


def _question(finding: Finding) -> str:
    return finding.asked.question if finding.asked is not None else ""


def _answer(finding: Finding) -> str:
    return "present / absent" if finding.answer is Answer.YES_NO else f"a number ({finding.unit})"


def conditions_page(known: Library) -> str:
    """Return the page of all conditions and rules with their sources."""
    return "\n".join(
        [
            "# Conditions and rules",
            "",
            NOTE,
            "",
            "## Conditions",
            "",
            *_conditions(known),
            *_rules(known),
            *_sources(known),
        ]
    )


def _conditions(known: Library) -> Iterator[str]:
    yield from ("| id | what | kind | findings linked | review |", "|---|---|---|---|---|")
    for one in known.conditions.values():
        yield f"| `{one.id}` | {one.summary} | {one.kind} | {len(one.findings)} | {one.review.state} |"
    yield ""


def _rules(known: Library) -> Iterator[str]:
    yield from ("## Rules", "", "| id | level | why | sources |", "|---|---|---|---|")
    for rule in sorted(known.rules.values(), key=lambda one: (-one.urgency, one.id)):
        sources = ", ".join(dict.fromkeys(evidence.source for evidence in rule.evidence))
        yield f"| `{rule.id}` | {rule.level} | {rule.because} | {sources} |"
    yield ""


def _sources(known: Library) -> Iterator[str]:
    yield from ("## Sources", "", "| id | source | read |", "|---|---|---|")
    for one in known.sources.values():
        authors = one.authors[0] + (" et al." if len(one.authors) > 1 else "")
        address = f"doi:{one.doi}" if one.doi else one.url or f"PMID {one.pmid or one.pmcid}"
        yield f"| {one.id} | {authors} ({one.year}). {one.title}. {one.container}. {address} | {one.read} |"
    yield ""


def medicines_and_claims_page(known: Library) -> str:
    """Return the page of medicines with what each can cause, and of popular claims with what the evidence says."""
    return "\n".join(["# Medicines and popular claims", "", NOTE, "", *_medicines(known), *_claims(known)])


def _medicines(known: Library) -> Iterator[str]:
    yield from ("## Medicines that can cause movements or weakness", "")
    yield from ("Never stop a medicine by yourself; ask whoever prescribed it.", "")
    yield from ("| class | names | can cause | how often | sources |", "|---|---|---|---|---|")
    for one in known.medicines.values():
        for effect in one.effects:
            often = "" if effect.share is None else share_in_words(effect.share)
            note = f" {effect.note}" if effect.note else ""
            sources = ", ".join(dict.fromkeys(evidence.source for evidence in effect.evidence))
            label = known.findings[effect.finding].label
            yield f"| {one.label} | {', '.join(one.names)} | {label} | {often}{note} | {sources} |"
    yield ""


def _claims(known: Library) -> Iterator[str]:
    yield from ("## Popular claims", "", "| claim | verdict | what the evidence says | sources |", "|---|---|---|---|")
    for one in known.claims.values():
        sources = ", ".join(dict.fromkeys(evidence.source for evidence in one.evidence))
        yield f"| {one.claim} | {one.verdict.replace('_', ' ')} | {one.answer} | {sources} |"
    yield ""


def read_more_page(known: Library) -> str:
    """Return the page of places to read more, with what each is good for and which conditions point to it."""
    told: dict[str, list[str]] = {}
    for condition in known.conditions.values():
        for name in condition.read_more:
            told.setdefault(name, []).append(condition.label)
    rows = [
        f"| [{one.title}]({one.url}) | {'; '.join(one.authors)} | {one.good_for} | {'; '.join(told.get(name, []))} |"
        for name, one in known.sources.items()
        if one.reach == "public"
    ]
    return "\n".join(
        ["# Where to read more", "", NOTE, "", "| page | by | good for | about |", "|---|---|---|---|", *rows, ""]
    )


def people_page(known: Library) -> str:
    """Return the page of how simulated people differ, with the figures of every parameter and their sources."""
    ours = [one for one in known.parameters.values() if _differs(one)]
    reasons = [f"| `{one.id}` | {what} | {why} |" for one in ours for what, why in _reasons(one)]
    return "\n".join(
        [
            "# How people differ",
            "",
            NOTE,
            "",
            "What `twitchwise simulate --subjects N` draws for each person; [](../explanation/forward_model_people.md)",
            "says how. An *a* marks a figure that is assumed; the second table has the reasons.",
            "",
            "| parameter | what | spread between people | with age | women, next to men | height | sources |",
            "|---|---|---|---|---|---|---|",
            *(_person_row(one) for one in ours),
            "",
            "| parameter | figure | why it is assumed |",
            "|---|---|---|",
            *reasons,
            "",
        ]
    )


def _differs(one: Parameter) -> bool:
    return any(figure is not None for figure in (one.spread, one.with_age, one.in_women, one.with_height))


def _person_row(one: Parameter) -> str:
    aging = one.with_age
    age = "" if aging is None else f"x {_figure(aging.ratio)} at {aging.at:g}, steady to {aging.steady_to:g}"
    women = "" if one.in_women is None else f"x {_figure(one.in_women)}"
    height = "" if one.with_height is None else f"power {_figure(one.with_height)}"
    spread = "" if one.spread is None else _figure(one.spread, 100, " %")
    sources = ", ".join(dict.fromkeys(evidence.source for evidence in one.evidence))
    return f"| `{one.id}` | {one.label} | {spread} | {age} | {women} | {height} | {sources} |"


def _figure(quantity: Quantity, scale: float = 1.0, unit: str = "") -> str:
    return f"{scale * quantity.value:.3g}{unit}{'' if quantity.assumed is None else ' *a*'}"


def _reasons(one: Parameter) -> Iterator[tuple[str, str]]:
    aging = None if one.with_age is None else one.with_age.ratio
    figures = {"spread": one.spread, "age": aging, "women": one.in_women, "height": one.with_height}
    for what, quantity in figures.items():
        if quantity is not None and quantity.assumed is not None:
            yield what, quantity.assumed.because


PAGES = {
    "findings.md": findings_page,
    "conditions_and_rules.md": conditions_page,
    "medicines_and_claims.md": medicines_and_claims_page,
    "read_more.md": read_more_page,
    "how_people_differ.md": people_page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(library()), encoding="utf-8")
