"""Collects every text for people into the catalogs of each language, and compiles what is translated.

What was translated stays; a text that changed loses its translation until someone has looked at it, so that no page
says in one language what it no longer says in the other.
"""

import ast
import io
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from twitchwise.knowledge import Library, library
from twitchwise.knowledge.schema import Muscle, Scene
from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.texts import texts_of
from twitchwise.report.languages.tongues import CATALOGS, DEFAULT, DOMAINS, LANGUAGES

SHELVES = (
    *("findings", "rules", "checklists", "advice", "claims", "stories", "medicines", "sources", "ranges"),
    *("muscles", "scenes", "conditions"),
)
"""What is shown as a whole; of the parameters only some are."""

SOURCE = Path(__file__).parents[1] / "src" / "twitchwise"
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract"), ("**.jinja", "jinja2.ext:babel_extract")]
OPTIONS = {
    name: {"trimmed": "true", "newstyle_gettext": "true", "silent": "false", "trim_blocks": "true", "encoding": "utf-8"}
    for name in ("**.html", "**.jinja")
}
KEYWORDS = {
    "say": None,
    "_": None,
    "gettext": None,
    "say_many": (1, 2),
    "ngettext": (1, 2),
    "say_in": ((1, "c"), 2),
    "pgettext": ((1, "c"), 2),
}
WIDTH = 120
SAID_OTHERWISE = "“”%"  # in a template without a letter; these differ between languages
HEADER = "# Made by `make catalogs`, which keeps translations; what stands under msgstr is written by hand."
NOT_KEPT = tuple(f'"{name}' for name in ("PO", "Project-Id", "Report-Msgid", "Last-Tr", "Language-Team", "Generated"))


def texts_of_program() -> Catalog:
    """Return what code and templates say; a phrase without a letter is none."""
    catalog = _empty()
    found = extract_from_dir(
        SOURCE, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    )
    for file, _, message, comments, context in found:
        one = message[0] if isinstance(message, tuple) else message
        if any(letter.isalpha() or letter in SAID_OTHERWISE for letter in _without_braces(one)):
            catalog.add(message, locations=[(Path(file).as_posix(), 0)], auto_comments=comments, context=context)
    return catalog


def _without_braces(template: str) -> str:
    return "".join(part.partition("}")[2] if at else part for at, part in enumerate(template.split("{")))


def texts_of_knowledge(known: Library) -> Catalog:
    """Return what the knowledge files say on pages and in reports."""
    catalog = _empty()
    for name, entries in _shelves(known).items():
        for entry in entries.values():
            for text in texts_of((entry.label, entry.summary) if isinstance(entry, Muscle | Scene) else entry):
                catalog.add(str(text), locations=[(name, 0)])
    for name in sorted(populations(known)):
        catalog.add(name.replace("_", " "), locations=[("populations", 0)])
    return catalog


def _shelves(known: Library) -> dict[str, Mapping[str, Entry]]:
    shown = _in_mechanisms(known) | _in_the_living_model(known)
    return {
        **{name: getattr(known, name) for name in SHELVES},
        "parameters": {name: known.parameters[name] for name in sorted(shown)},
    }


def _in_mechanisms(known: Library) -> set[str]:
    sides = [side for story in known.stories.values() for side in (story.popular, story.evidence)]
    told = [*(one.mechanism for one in known.conditions.values()), *(side.changes for side in sides)]
    return {mechanism.parameter for mechanisms in told for mechanism in mechanisms}


def _in_the_living_model(known: Library) -> set[str]:
    """Return the parameters whose sources stand beside a number of the living model."""
    files = [file for room in ("one_unit", "environment") for file in (SOURCE / "simulate" / room).glob("*.py")]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    named = {str(node.value) for node in nodes if isinstance(node, ast.Constant)}
    return named & set(known.parameters)


def populations(known: Library) -> set[str]:
    """Return the names of the people that findings were compared in."""
    links = [link for one in known.conditions.values() for link in one.findings]
    shares = [share for link in links for share in (link.in_condition, link.in_others)]
    shares += [finding.background for finding in known.findings.values()]
    return {share.population for share in shares if share is not None and share.population is not None}


def _empty() -> Catalog:
    return Catalog(charset="utf-8", fuzzy=False)


def catalogs(known: Library) -> Iterator[tuple[str, Catalog]]:
    """Give the name of each catalog and all that must be in it."""
    knowledge = texts_of_knowledge(known)
    program = texts_of_program()
    for message in [one for one in program if one.id and not one.context and one.id in knowledge]:
        program.delete(message.id)  # one text, one translation
    yield DOMAINS[0], program
    yield DOMAINS[1], knowledge


def file_of(domain: str, language: str) -> Path:
    """Return the file of a catalog in a language."""
    return CATALOGS / language / "LC_MESSAGES" / f"{domain}.po"


def read(domain: str, language: str) -> Catalog:
    """Return a catalog as it is in a language, an empty one where there is none."""
    file = file_of(domain, language)
    if not file.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with file.open("rb") as stream:
        return read_po(stream, locale=language)


def brought_up_to_date(domain: str, template: Catalog, language: str) -> bytes:
    """Return the content of a catalog with every text that must be in it, sorted, and no other."""
    catalog = read(domain, language)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return _written(catalog)


def _written(catalog: Catalog) -> bytes:
    catalog.header_comment = HEADER
    out = io.BytesIO()
    write_po(out, catalog, width=WIDTH, sort_output=True, omit_header=False, include_lineno=False)
    # times and places to fill in would make each run another file
    lines = out.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(NOT_KEPT)).encode()


def main() -> None:
    """Write every catalog, and say what is not translated yet."""
    for domain, template in catalogs(library()):
        for language in LANGUAGES:
            if language != DEFAULT:
                file = file_of(domain, language)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(brought_up_to_date(domain, template, language))
                catalog = read(domain, language)
                with file.with_suffix(".mo").open("wb") as compiled:
                    write_mo(compiled, catalog)
                left = sum(not _is_translated(message.string) for message in catalog if message.id)
                sys.stdout.write(f"{language} {domain}: {len(catalog)} texts, {left} not translated\n")


def _is_translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    main()
