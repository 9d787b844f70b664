"""The reader never guesses, and each refusal names file, line and key."""

import contextlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.knowledge.yaml_reader import parse_document, read_document
from twitchwise.vocabulary import KnowledgeError

HERE = Path("here.yaml")


class Inner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A nested entry."""

    number: float


class Outer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry with a list and a mapping."""

    word: str
    items: list[Inner] = []
    named: dict[str, int] = {}


def refusal(text: str) -> KnowledgeError:
    with pytest.raises(KnowledgeError) as caught:
        parse_document(text, HERE).as_type(Outer)
    return caught.value


@pytest.mark.parametrize("word", ["no", "2020-01-01", "1e3", "null", "~", "0x10", "on", "1_000"])
def test_a_scalar_is_text_until_the_schema_types_it(word: str) -> None:
    assert parse_document(f"word: {word}", HERE).as_type(Outer).word == word


@pytest.mark.parametrize(
    ("text", "line", "path", "said"),
    [
        ("word: a\nword: b", 2, "word", "given twice"),
        ("word: a\nitems:\n  - number: 1\n    number: 2", 4, "items[0].number", "given twice"),
        ("word: a\nodd: b", 2, "odd", "unknown field"),
        ("word: a\nitems:\n  - number: 1\n  - number: x", 4, "items[1].number", "float"),
        ("word: a\nitems:\n  - numbers: 1", 3, "items[0].numbers", "unknown field"),
        ("items: []", 1, "", "missing required field `word`"),
        ("word: &a b", 1, "", "anchors"),
        ("word: a\nitems: *a", 2, "", "anchors"),
        ("word: a\n? [x]\n: b", 2, "", "must be a word"),
        ("word: [", 2, "", "must be one YAML document"),
        ("word: a\n---\nword: b", 2, "", "must be one YAML document"),
        ("word: a\nnamed: {x: y}", 2, "named", "int"),
        ("", 1, "", "must not be empty"),
        ("word: \x00", 0, "", "must be YAML"),
    ],
)
def test_a_mistake_is_refused_where_it_stands(text: str, line: int, path: str, said: str) -> None:
    error = refusal(text)
    assert (error.file, error.line, error.path) == ("here.yaml", line, path)
    assert said in error.rule
    assert "\n" not in str(error)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="must be readable"):
        read_document(tmp_path / "none.yaml")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KnowledgeError, match="must be UTF-8"):
        read_document(file)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_one_sentence(text: str) -> None:
    with contextlib.suppress(KnowledgeError):
        assert isinstance(parse_document(text, HERE).as_type(Outer), Outer)


def test_an_entry_that_is_not_there_has_the_line_of_what_is_around_it() -> None:
    document = parse_document("word: a\nitems:\n  - number: 1", HERE)
    assert [document.line_of(path) for path in ("items[0].odd", "items[7]", "other.deep")] == [3, 2, 1]
