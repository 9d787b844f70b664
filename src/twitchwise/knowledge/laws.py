"""What must hold across knowledge files; each breach names its file, line and key."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, cast

from twitchwise.knowledge.laws_of_the_model import LAWS_OF_THE_MODEL
from twitchwise.knowledge.laws_of_the_ranges import LAWS_OF_THE_RANGES
from twitchwise.knowledge.laws_of_the_sayings import LAWS_OF_THE_SAYINGS
from twitchwise.knowledge.likelihood import central_value
from twitchwise.knowledge.schema import Answer, Band, Condition, ConditionKind, Evidence, Finding, Read, Rule, Share
from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.rule import When
from twitchwise.vocabulary import KnowledgeError, Setting, Urgency

if TYPE_CHECKING:
    from twitchwise.knowledge.library import Library
    from twitchwise.knowledge.shelf import Shelf

LINES_AT_MOST = 250  # a file that a person can review in one sitting

Breaches = Iterator[KnowledgeError]


def broken_laws(library: "Library") -> tuple[KnowledgeError, ...]:
    """Return every breach of a law between files; empty when the knowledge is sound.

    Raises
    ------
    KnowledgeError
        If a file does not even fit its schema.
    """
    return tuple(breach for law in LAWS for breach in law(library))


def file_lengths(library: "Library") -> Breaches:
    """Each file has at most 250 lines."""
    for file in sorted(library.folder.glob("*/*.yaml")):
        lines = file.read_text(encoding="utf-8").count("\n")
        if lines > LINES_AT_MOST:
            yield KnowledgeError(file, lines, "", f"a file must have at most {LINES_AT_MOST} lines, got {lines}.")


def sources_resolve(library: "Library") -> Breaches:
    """Every evidence names a source there is."""
    for shelf in _shelves_with_evidence(library):
        for name, path, evidence in _evidence_on(shelf):
            if evidence.source not in library.sources:
                yield shelf.error(name, f"{path}.source", f"source must exist, got {evidence.source!r}.")


def conditions_resolve(library: "Library") -> Breaches:
    """Findings, parameters, advice, mimics, red flags and pages that a condition names exist."""
    for name, condition in library.conditions.items():
        for path, kind, ids, known in _references(condition, library):
            for wanted in ids:
                if wanted not in known:
                    yield library.conditions.error(name, path, f"{kind} must exist, got {wanted!r}.")


def _references(condition: Condition, library: "Library") -> Iterator[tuple[str, str, list[str], Iterable[str]]]:
    yield "findings", "finding", [link.finding for link in condition.findings], library.findings
    yield "scene", "scene", [condition.scene] if condition.scene else [], library.scenes
    yield "muscle", "muscle", [condition.muscle] if condition.muscle else [], library.muscles
    yield "forms", "finding", [name for form in condition.forms for name in form.findings], library.findings
    yield "advice", "advice", list(condition.advice), library.advice
    yield "mimics", "condition", list(condition.mimics), library.conditions
    yield "red_flags", "finding", list(condition.red_flags), library.findings
    public = [name for name, source in library.sources.items() if source.reach == "public"]
    yield "read_more", "public source", list(condition.read_more), public


def findings_resolve(library: "Library") -> Breaches:
    """Findings that exclude or require others exist, exclusion is mutual, and a measured number has its id."""
    for name, finding in library.findings.items():
        for other in finding.excludes:
            if other not in library.findings or name not in library.findings[other].excludes:
                yield library.findings.error(name, "excludes", f"exclusion must be mutual, got {other!r}.")
        for path, others in (("implies", finding.implies), ("detail_of.findings", _details(finding))):
            for other in others:
                if other not in library.findings:
                    yield library.findings.error(name, path, f"finding must exist, got {other!r}.")
        checklist = finding.asked.checklist if finding.asked is not None else None
        if checklist is not None and checklist not in library.checklists:
            yield library.findings.error(name, "asked.checklist", f"checklist must exist, got {checklist!r}.")
        if finding.requires is not None and finding.requires not in library.findings:
            yield library.findings.error(name, "requires", f"finding must exist, got {finding.requires!r}.")
        if finding.measured is not None and finding.measured.above is None and finding.measured.by != name:
            yield library.findings.error(name, "measured.by", f"by must be {name!r}, got {finding.measured.by!r}.")


def _details(finding: Finding) -> tuple[str, ...]:
    return () if finding.detail_of is None else finding.detail_of.findings


def claims_resolve(library: "Library") -> Breaches:
    """A popular claim is shown beside conditions or findings there are."""
    for name, claim in library.claims.items():
        for one in claim.about:
            if one not in library.conditions and one not in library.findings:
                yield library.claims.error(name, "about", f"about must name a condition or a finding, got {one!r}.")


def medicines_resolve(library: "Library") -> Breaches:
    """The exposure, the cause and the effects that a class of medicines names exist."""
    for name, medicine in library.medicines.items():
        named = [("finding", medicine.finding), *(("effects", effect.finding) for effect in medicine.effects)]
        for path, finding in named:
            if finding is not None and finding not in library.findings:
                yield library.medicines.error(name, path, f"finding must exist, got {finding!r}.")
        if medicine.condition is not None and medicine.condition not in library.conditions:
            yield library.medicines.error(name, "condition", f"condition must exist, got {medicine.condition!r}.")


def rules_resolve(library: "Library") -> Breaches:
    """Findings that a rule names exist with the right kind of answer, and rules that differ say so both ways."""
    for name, rule in library.rules.items():
        for path, when in _whens(rule):
            if when.finding not in library.findings:
                yield library.rules.error(name, path, f"finding must exist, got {when.finding!r}.")
            elif _is_number(library, when.finding) != isinstance(when.state, Band):
                yield library.rules.error(name, path, f"state of {when.finding!r} must fit its kind of answer.")
        for other in rule.differs_from:
            if other not in library.rules or name not in library.rules[other].differs_from:
                yield library.rules.error(name, "differs_from", f"difference must be mutual, got {other!r}.")


def link_states_fit(library: "Library") -> Breaches:
    """A numeric finding is linked by a band, any other by present or absent."""
    for name, condition in library.conditions.items():
        for index, link in enumerate(condition.findings):
            numeric = link.finding in library.findings and _is_number(library, link.finding)
            if numeric != isinstance(link.state, Band):
                rule = f"state of {link.finding!r} must fit its kind of answer."
                yield library.conditions.error(name, f"findings[{index}].state", rule)


def links_have_a_comparison(library: "Library") -> Breaches:
    """A link without a comparison of its own is about a finding with a background."""
    for name, condition in library.conditions.items():
        for index, link in enumerate(condition.findings):
            finding = library.findings.get(link.finding)
            if link.in_others is None and finding is not None and finding.background is None:
                rule = f"in_others must be given, because {link.finding!r} has no background."
                yield library.conditions.error(name, f"findings[{index}]", rule)


def everything_is_used(library: "Library") -> Breaches:
    """Every finding, checklist, source and piece of advice is used by another file."""
    pages = {page for condition in library.conditions.values() for page in condition.read_more}
    linked = {link.finding for condition in library.conditions.values() for link in condition.findings}
    ruled = {when.finding for rule in library.rules.values() for _, when in _whens(rule)}
    advised = {piece for condition in library.conditions.values() for piece in condition.advice}
    for shelf, used in (
        (library.sources, pages | {evidence.source for evidence in _all_evidence(library)}),
        (library.findings, linked | ruled | _else_used(library)),
        (library.checklists, _checklists_used(library)),
        (library.advice, advised),
    ):
        for name in sorted(set(shelf) - used):
            yield shelf.error(name, "id", f"an entry must be used by another file, {name!r} is not.")


def _else_used(library: "Library") -> set[str]:
    """Return the findings that others are settled by, and those that a medicine causes or means."""
    used = {other for finding in library.findings.values() for other in (*_details(finding), *finding.implies)}
    for medicine in library.medicines.values():
        used |= {medicine.finding or "", *(effect.finding for effect in medicine.effects)}
    return used


def _checklists_used(library: "Library") -> set[str]:
    return {finding.asked.checklist or "" for finding in library.findings.values() if finding.asked is not None}


def groups_hold_two(library: "Library") -> Breaches:
    """A group of findings that restate each other has at least two."""
    sizes = Counter(finding.group for finding in library.findings.values() if finding.group is not None)
    for name, finding in library.findings.items():
        if finding.group is not None and sizes[finding.group] == 1:
            yield library.findings.error(name, "group", f"a group must hold two findings, {finding.group!r} does not.")


def numbers_have_opened_sources(library: "Library") -> Breaches:
    """A counted or reported number rests on a source that somebody opened."""
    for name, path, shares, evidence in _sourced_numbers(library):
        sources = [library.sources[item.source] for item in evidence if item.source in library.sources]
        if shares and all(source.read is Read.NOT_OPENED for source in sources):
            rule = "a counted or reported number must rest on a source that was opened, else it is assumed."
            yield library.conditions.error(name, path, rule)


def counts_stand_in_quotes(library: "Library") -> Breaches:
    """The digits of counts appear in the quote that supports them."""
    for name, path, shares, evidence in _sourced_numbers(library):
        said = set(re.findall(r"\d+", " ".join(item.quote or "" for item in evidence).replace(",", "")))
        for counts in (share.counts for share in shares if share.counts is not None):
            missing = {str(counts.present), str(counts.examined)} - said
            if missing:
                rule = f"the quote must hold the digits of the counts, {sorted(missing)!r} are not there."
                yield library.conditions.error(name, path, rule)


def _sourced_numbers(library: "Library") -> Iterator[tuple[str, str, list[Share], tuple[Evidence, ...]]]:
    for name, condition in library.conditions.items():
        for index, link in enumerate(condition.findings):
            given = (link.in_condition, link.in_others)
            shares = [share for share in given if share is not None and share.assumed is None]
            yield name, f"findings[{index}]", shares, link.evidence
        for index, pre_test in enumerate(condition.pre_test):
            shares = [share for share in (pre_test.share,) if share.assumed is None]
            yield name, f"pre_test[{index}]", shares, pre_test.evidence


def priors_leave_room(library: "Library") -> Breaches:
    """In every setting the main causes leave a share for something not covered here; triggers exclude nothing."""
    for setting in Setting:
        total = math.fsum(
            central_value(condition.share_in(setting))
            for condition in library.conditions.values()
            if condition.kind is not ConditionKind.TRIGGER
        )
        if total >= 1:
            yield KnowledgeError(
                library.folder / "conditions", 0, "pre_test", f"shares in {setting} must sum below 1, got {total:.3f}."
            )


def red_flags_act(library: "Library") -> Breaches:
    """A red flag is part of a rule that calls for help soon or sooner."""
    acting = {
        when.finding
        for rule in library.rules.values()
        if rule.urgency >= Urgency.SOON
        for when in (*rule.all_of, *rule.any_of)
    }
    for name, condition in library.conditions.items():
        for flag in condition.red_flags:
            if flag not in acting:
                rule = f"a red flag must be part of a rule of level soon or above, {flag!r} is not."
                yield library.conditions.error(name, "red_flags", rule)


def vignettes_cover(library: "Library") -> Breaches:
    """Each condition has a typical and a near-miss vignette, and each vignette is about a condition or a rule."""
    told = {(vignette.about, vignette.role) for vignette in library.vignettes.values()}
    for name in library.conditions:
        for role in ("typical", "near_miss"):
            if (name, role) not in told:
                yield library.conditions.error(name, "id", f"a condition must have a {role} vignette.")
    for name, vignette in library.vignettes.items():
        if vignette.about not in library.conditions and vignette.about not in library.rules:
            rule = f"about must be a condition or a rule, got {vignette.about!r}."
            yield library.vignettes.error(name, "about", rule)


def _is_number(library: "Library", finding: str) -> bool:
    return library.findings[finding].answer is Answer.NUMBER


def _whens(rule: Rule) -> Iterator[tuple[str, When]]:
    for field in ("all_of", "any_of", "unless"):
        for index, when in enumerate(getattr(rule, field)):
            yield f"{field}[{index}]", when


def _evidence_on(shelf: "Shelf[Entry]") -> Iterator[tuple[str, str, Evidence]]:
    for name, entry in shelf.items():
        for path, evidence in _evidence_in(entry, ""):
            yield name, path, evidence


def _evidence_in(value: object, path: str) -> Iterator[tuple[str, Evidence]]:
    if isinstance(value, Evidence):
        yield path, value
    elif isinstance(value, Entry):
        for field in value.__struct_fields__:
            yield from _evidence_in(getattr(value, field), f"{path}.{field}".lstrip("."))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _evidence_in(item, f"{path}[{index}]")


def _all_evidence(library: "Library") -> Iterator[Evidence]:
    for shelf in _shelves_with_evidence(library):
        for _, _, evidence in _evidence_on(shelf):
            yield evidence


def _shelves_with_evidence(library: "Library") -> "tuple[Shelf[Entry], ...]":
    shelves = (
        library.conditions,
        library.rules,
        library.advice,
        library.claims,
        library.medicines,
        library.parameters,
        library.muscles,
        library.ranges,
        library.scenes,
        library.stories,
    )
    return cast("tuple[Shelf[Entry], ...]", shelves)


LAWS: tuple[Callable[["Library"], Breaches], ...] = (
    file_lengths,
    sources_resolve,
    findings_resolve,
    conditions_resolve,
    link_states_fit,
    links_have_a_comparison,
    rules_resolve,
    claims_resolve,
    medicines_resolve,
    everything_is_used,
    groups_hold_two,
    numbers_have_opened_sources,
    counts_stand_in_quotes,
    priors_leave_room,
    red_flags_act,
    vignettes_cover,
    *LAWS_OF_THE_MODEL,
    *LAWS_OF_THE_RANGES,
    *LAWS_OF_THE_SAYINGS,
)
