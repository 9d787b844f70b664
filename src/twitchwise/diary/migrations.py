"""Makes the tables of a diary and changes those of an older one, step by step; its home says when."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlalchemy import Connection, insert, select, update

from twitchwise.diary import models
from twitchwise.diary.models import AboutRow, Table

Step = Callable[[Connection], None]

STEPS: Mapping[int, Step] = MappingProxyType({})
"""What leads from a version to the next, by the older one; every version but the newest has a step.

A step names tables without a schema, and no type or rule of one kind of database.
"""
NO_VERSION = 0
"""What tables have that say no version, or several: they are damaged."""


def make_tables(connection: Connection) -> None:
    """Make the tables of a diary where none are; all in the transaction of the connection."""
    Table.metadata.create_all(connection)
    connection.execute(insert(AboutRow).values(number=1, schema_version=models.SCHEMA_VERSION))


def version_in(connection: Connection) -> int:
    """Return the version of the tables, or `NO_VERSION`."""
    versions = connection.execute(select(AboutRow.schema_version)).scalars().all()
    return versions[0] if len(versions) == 1 and versions[0] > NO_VERSION else NO_VERSION


def bring_up_to_date(connection: Connection, version: int) -> None:
    """Change tables of a version into those of this program; all in the transaction of the connection."""
    for older in range(version, models.SCHEMA_VERSION):
        STEPS[older](connection)
    connection.execute(update(AboutRow).values(schema_version=models.SCHEMA_VERSION))
