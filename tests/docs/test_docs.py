"""What is not documented is red: commands, options, generated pages and words."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import typer

from twitchwise.cli.application import application
from twitchwise.knowledge import library

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def load(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name",
    ["findings.md", "conditions_and_rules.md", "medicines_and_claims.md", "read_more.md", "how_people_differ.md"],
)
def test_pages_made_from_the_knowledge_are_current(name: str) -> None:
    page = load(DOCS / "make_reference.py").PAGES[name](library())
    assert (DOCS / "reference" / name).read_text(encoding="utf-8") == page, "run: python docs/make_reference.py"


def options() -> Iterator[tuple[str, str]]:
    """Give every command with each of its options."""
    group = typer.main.get_command(application)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        for inner_name, inner in getattr(command, "commands", {"": command}).items():
            for parameter in inner.params:
                if parameter.name != "help" and parameter.param_type_name == "option":
                    yield f"{name} {inner_name}".strip(), max(parameter.opts, key=len)


def test_every_command_and_option_is_on_the_command_line_page() -> None:
    page = (DOCS / "reference" / "command_line.md").read_text(encoding="utf-8")
    rows = {row.split("`")[1].removeprefix("twitchwise "): row for row in page.splitlines() if "`twitchwise " in row}
    found = list(options())
    assert len(found) > 10
    for command, option in found:
        row = next(row for start, row in rows.items() if start.startswith(command))
        assert option in row or option.replace("--", "--no-") in row, (command, option)


def test_links_between_pages_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")]:
        if "_build" in page.parts:
            continue
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


WORDS_NOT_USED = {
    "motoneuron": "motor_neuron",
    "spike_train": "discharge_times",
    "fibre": "fiber",
    "fibrillation_rate": "a claim that needs a needle",
    "muscle_twitch": "fasciculation, or twitch",
}


PUBLIC_NAME = re.compile(r"^\s*(?:def|class)\s+([a-zA-Z]\w*)|^([A-Z_]{4,})\s*[:=]", re.MULTILINE)


def test_public_names_keep_to_the_glossary() -> None:
    for file in (ROOT / "src" / "twitchwise").rglob("*.py"):
        names = PUBLIC_NAME.findall(file.read_text(encoding="utf-8"))
        for name in (one or other for one, other in names):
            assert not [word for word in WORDS_NOT_USED if word in name.lower()], f"{file.name}: {name}"
