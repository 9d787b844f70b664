"""Reads the tables and JSON files of a BIDS data set; what cannot be read is left out with a sentence."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path

from twitchwise.vocabulary.text import say

EMPTY = frozenset({"", "n/a"})
"""Cells that say nothing."""

Row = Mapping[str, str]


def read_rows(path: Path) -> list[Row] | str:
    """Return the rows of a table, cells without spaces around them, or the sentence that says why there are none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t")
            return [{name: (cell or "").strip() for name, cell in row.items() if name} for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error):
        return _unread(path)


def read_object(path: Path) -> Mapping[str, object] | str:
    """Return what a JSON file holds, or the sentence that says why it holds nothing."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return _unread(path)
    return content if isinstance(content, dict) else _unread(path)


def cell(row: Row, column: str) -> str:
    """Return a cell, or nothing where the table does not say."""
    content = row.get(column, "")
    return "" if content.lower() in EMPTY else content


def _unread(path: Path) -> str:
    return say("{file} beside the file cannot be read, so it was not used.", file=path.name)
