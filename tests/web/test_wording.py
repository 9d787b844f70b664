"""The pages speak plainly: short words and sentences, nothing that frightens or rules a disease out."""

import ast
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import readability
from jinja2.ext import babel_extract

import twitchwise.web
from twitchwise.web.rendering import PROBLEMS

if TYPE_CHECKING:
    import httpx

Person = Any
Read = Callable[["httpx.Response"], Any]

WEB = Path(twitchwise.web.__file__).parent
TEMPLATES = sorted((WEB / "templates").glob("*.html"))
HIGHEST_GRADE = 7.0
MOST_WORDS = 28
EXCUSED = {
    "twitchwise",
    "emergency",
    "computer",
    "recording",
    "privacy",
    "openhdemg",
    "json",
    "wfdb",
    "hertz",
    "hz",
    "emg",
}
"""Words that cannot be put more simply, or that are names."""
NEVER = re.compile(
    r"\byou (do not|don't|have not|haven't) (have|got) (a |an |any |the )?"
    r"(disease|illness|als|mnd|parkinson|condition|cancer)",
    re.IGNORECASE,
)
FRIGHTENING = re.compile(r"\b(fatal|deadly|die|dying|terminal|death|paraly\w+)\b", re.IGNORECASE)
FOREIGN_MARKS = re.compile(r"\b(gov\.uk|crown copyright)\b", re.IGNORECASE)


def words_of(sentence: str) -> list[str]:
    return [word for word in re.findall(r"[a-z']+", sentence.lower()) if word not in EXCUSED]


def grade(sentences: list[str]) -> float:
    """Return the Flesch-Kincaid grade of sentences without the excused words, as the readability library counts it."""
    text = "\n".join(f"{' '.join(words_of(sentence))} ." for sentence in sentences)
    return float(readability.getmeasures(text, lang="en")["readability grades"]["Kincaid"])


def said_by(template: Path) -> str:
    """Return what a template says itself, a paragraph a text."""
    with template.open("rb") as stream:
        found = babel_extract(stream, ["_", "gettext", "ngettext"], [], {"trimmed": "true", "newstyle_gettext": "true"})
        texts = [
            one for _, _, message, _ in found for one in ((message,) if isinstance(message, str) else message or ())
        ]
    return "\n\n".join(one for one in texts if one)


def sentences_in(text: str) -> Iterator[str]:
    """Give the sentences of a text, without what is filled in and without headings of a few words."""
    text = re.sub(r"%\(\w+\)s|\{\w*\}", " ", text).replace("%%", "%")
    text = unescape(re.sub(r"<[^>]*>", " ", text, flags=re.DOTALL))
    for sentence in re.split(r"[.!?:](?=\s)|\n\n", text):
        if len(words_of(sentence)) > 3:
            yield " ".join(sentence.split())


def sentences_in_code() -> Iterator[str]:
    """Give the sentences that forms and refusals say."""
    for file in ("forms.py", "result_view.py", "routes/question.py", "routes/recording.py"):
        code = (WEB / file).read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"say", "say_many"}:
                for one in node.args:
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        yield from sentences_in(one.value)
    for heading, sentence in PROBLEMS.values():
        yield heading
        yield sentence


def test_the_measure_itself_tells_plain_from_learned() -> None:
    assert grade(["The cat sat on the mat", "It looked at the dog"]) < 2
    assert (
        grade(["Involuntary neuromuscular activity necessitates comprehensive electrophysiological examination"]) > 20
    )


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.stem)
def test_a_page_can_be_read_at_eleven(template: Path) -> None:
    sentences = list(sentences_in(said_by(template)))
    assert not sentences or grade(sentences) <= HIGHEST_GRADE, sentences


def test_all_pages_together_can_be_read_at_ten() -> None:
    sentences = [one for template in TEMPLATES for one in sentences_in(said_by(template))]
    assert len(sentences) > 50
    assert grade(sentences) <= HIGHEST_GRADE - 1


def test_what_forms_say_can_be_read_too() -> None:
    sentences = list(sentences_in_code())
    assert len(sentences) > 15
    assert grade(sentences) <= HIGHEST_GRADE


def test_no_sentence_is_long() -> None:
    own = [one for template in TEMPLATES for one in sentences_in(said_by(template))]
    assert [sentence for sentence in [*own, *sentences_in_code()] if len(sentence.split()) > MOST_WORDS] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.stem)
def test_a_page_rules_nothing_out_and_frightens_nobody(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    for never in (NEVER, FRIGHTENING, FOREIGN_MARKS):
        assert not never.search(text)


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"fasciculation": "present"},
        {"fasciculation": "absent", "rest_tremor": "present"},
        {"muscle_wasting": "present"},
    ],
)
def test_a_result_rules_nothing_out(person: Person, read: Read, answers: dict[str, str]) -> None:
    for name, answer in answers.items():
        person.post(f"question/{name}", answer=answer)
    text = read(person.get("result")).text
    assert not NEVER.search(text)
    assert "you do not have" not in text.lower()


def test_templates_ask_for_nothing_from_outside() -> None:
    own = [file for file in (WEB / "static").iterdir() if file.suffix in {".css", ".svg"}]
    for file in [*TEMPLATES, *own]:
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "//" not in text.replace("*//*", "")
        assert "@import" not in text
        assert "url(" not in text.replace("here.url(", "")


def test_what_was_brought_along_asks_for_nothing_from_outside() -> None:
    brought = list((WEB / "static" / "vendor").glob("*.css"))
    assert {file.name for file in brought} >= {"pages.css", "uPlot.min.css"}
    for file in brought:
        assert not re.search(r"https?:|@import|url\(//|@font-face", file.read_text(encoding="utf-8")), file.name
