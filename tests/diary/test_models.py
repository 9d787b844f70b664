"""The tables can be made in another kind of database: nothing in them is SQLite's own."""

import ast
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

import twitchwise.diary
from twitchwise.diary.models import Table

KINDS = ("sqlite", "dialects", "psycopg", "postgresql", "in_file", "in_database")
ROOM = Path(twitchwise.diary.__file__).parent


@pytest.mark.parametrize("table", Table.metadata.sorted_tables, ids=lambda table: table.name)
def test_postgresql_has_every_type(table: object) -> None:
    made = str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[arg-type, no-untyped-call] # a table
    assert made.strip().startswith("CREATE TABLE")


@pytest.mark.parametrize("name", ["home", "migrations", "models", "rows", "store"])
def test_only_the_modules_of_the_databases_know_which_they_are(name: str) -> None:
    tree = ast.parse((ROOM / f"{name}.py").read_text(encoding="utf-8"))
    imported = {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {one for one in imported if any(kind in one for kind in KINDS)}
    said = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert not [text for text in said if "PRAGMA" in text]
