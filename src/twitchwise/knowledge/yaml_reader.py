"""Reads a knowledge or case file without guessing: every scalar is text until the schema says what it is.

Duplicate keys, anchors, aliases, tags and several documents are refused, and every refusal names file, line and key.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

from twitchwise.vocabulary import KnowledgeError

T = TypeVar("T")
Plain = str | list["Plain"] | dict[str, "Plain"]

_MSGSPEC_PATH = re.compile(r" - at `(?:key in )?\$?(.*)`$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Document:
    """A file's content as text, lists and mappings, with the line of every entry by its path."""

    file: Path
    content: Plain
    lines: dict[str, int]

    def line_of(self, path: str) -> int:
        """Return the line of an entry, or of the nearest entry around it that has one."""
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path, 1)

    def error(self, path: str, rule: str) -> KnowledgeError:
        """Return the refusal of an entry, with its line."""
        return KnowledgeError(self.file, self.line_of(path), path, rule)

    def as_type(self, schema: type[T]) -> T:
        """Return the content as a schema type, or raise KnowledgeError with line and key."""
        try:
            return msgspec.convert(self.content, schema, strict=False)
        except msgspec.ValidationError as error:
            raise self._located(error) from None

    def _located(self, error: msgspec.ValidationError) -> KnowledgeError:
        found = _MSGSPEC_PATH.search(str(error))
        path = (found[1] if found else "").lstrip(".").replace("[...]", "")
        rule = _MSGSPEC_PATH.sub("", str(error))
        unknown = re.search(r"unknown field `(\w+)`", rule)
        if unknown:
            path = f"{path}.{unknown[1]}".lstrip(".")
        return self.error(path, f"{rule}.")


def read_document(file: Path) -> Document:
    """Read one YAML file.

    Raises
    ------
    KnowledgeError
        If the file cannot be opened, is not UTF-8, is not YAML, or uses a part of YAML that is not allowed here.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise KnowledgeError(file, 0, "", f"the file must be readable, got {error.strerror!r}.") from None
    except UnicodeDecodeError:
        raise KnowledgeError(file, 0, "", "the file must be UTF-8 text.") from None
    return parse_document(text, file)


def parse_document(text: str, file: Path) -> Document:
    """Parse YAML text as `read_document` does; ``file`` is named in refusals."""
    _refuse_anchors(text, file)
    try:
        node = yaml.compose(text, Loader=_loader())
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise KnowledgeError(file, line, "", f"the text must be one YAML document, but {error.problem}.") from None
    except yaml.YAMLError as error:
        raise KnowledgeError(file, 0, "", f"the text must be YAML, but {error}.".replace("\n", " ")) from None
    if node is None:
        raise KnowledgeError(file, 1, "", "the file must not be empty.")
    lines: dict[str, int] = {}
    return Document(file, _plain(node, "", file, lines), lines)


def _loader() -> type[yaml.BaseLoader]:
    return getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _refuse_anchors(text: str, file: Path) -> None:
    try:
        for event in yaml.parse(text, Loader=_loader()):
            if getattr(event, "anchor", None) is not None:
                line = event.start_mark.line + 1 if event.start_mark else 0
                raise KnowledgeError(file, line, "", "anchors and aliases are not allowed, write the text out.")
    except yaml.YAMLError:
        return  # composing it reports the same mistake with its place


def _plain(node: yaml.Node, path: str, file: Path, lines: dict[str, int]) -> Plain:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, f"{path}[{index}]", file, lines) for index, child in enumerate(node.value)]
    mapping: dict[str, Plain] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise KnowledgeError(file, line, path, "a key must be a word.")
        inner = f"{path}.{key.value}".lstrip(".")
        if key.value in mapping:
            raise KnowledgeError(file, line, inner, "a key must stand once, it is given twice.")
        mapping[key.value] = _plain(value, inner, file, lines)
        lines[inner] = line
    return mapping
