"""The tables of the diary; no type and no rule of one kind of database, so that another can hold the same."""

import datetime as dt

from sqlalchemy import JSON, Date, Double, ForeignKey, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

SCHEMA_VERSION = 1
"""The version of these tables; a change of them raises it and adds a step to `migrations`."""

_ALL = "all, delete-orphan"


class Table(DeclarativeBase):
    """What all tables share."""


class AboutRow(Table):
    """The one row that says which version of the tables this is."""

    __tablename__ = "about"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    schema_version: Mapped[int] = mapped_column(Integer)


class EntryRow(Table):
    """One day; ``version`` counts its changes, so that two who change it at once notice."""

    __tablename__ = "entries"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    day: Mapped[dt.date] = mapped_column(Date, unique=True)
    twitch_count: Mapped[int | None] = mapped_column(Integer)
    twitch_minutes: Mapped[float | None] = mapped_column(Double)
    severity: Mapped[int | None] = mapped_column(Integer)
    caffeine_cups: Mapped[float | None] = mapped_column(Double)
    alcohol_drinks: Mapped[float | None] = mapped_column(Double)
    sleep_hours: Mapped[float | None] = mapped_column(Double)
    sleep_quality: Mapped[int | None] = mapped_column(Integer)
    exercise_minutes: Mapped[float | None] = mapped_column(Double)
    stress: Mapped[int | None] = mapped_column(Integer)
    chair_rise_s: Mapped[float | None] = mapped_column(Double)
    hair: Mapped[str | None] = mapped_column(String(16))
    lifting: Mapped[str | None] = mapped_column(String(16))
    eyelids: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text)
    places: Mapped[list["PlaceRow"]] = relationship(cascade=_ALL, lazy="selectin")
    findings: Mapped[list["FindingRow"]] = relationship(cascade=_ALL, lazy="selectin")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class PlaceRow(Table):
    """A place where it twitched on a day."""

    __tablename__ = "places"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    entry: Mapped[int] = mapped_column(ForeignKey("entries.number", ondelete="CASCADE"), index=True)
    site: Mapped[str] = mapped_column(String(32))
    side: Mapped[str | None] = mapped_column(String(16))


class FindingRow(Table):
    """Another sign of a day, as the id of a finding."""

    __tablename__ = "findings"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    entry: Mapped[int] = mapped_column(ForeignKey("entries.number", ondelete="CASCADE"), index=True)
    finding: Mapped[str] = mapped_column(String(128))


class RecordingRow(Table):
    """A recording that was measured."""

    __tablename__ = "recordings"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    day: Mapped[dt.date] = mapped_column(Date, index=True)
    name: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(Text)
    duration_s: Mapped[float] = mapped_column(Double)
    measurements: Mapped[list["MeasurementRow"]] = relationship(
        cascade=_ALL, lazy="selectin", order_by="MeasurementRow.number"
    )


class MeasurementRow(Table):
    """One quantity that was measured on a recording."""

    __tablename__ = "measurements"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    recording: Mapped[int] = mapped_column(ForeignKey("recordings.number", ondelete="CASCADE"), index=True)
    quantity: Mapped[str] = mapped_column(String(128))
    value: Mapped[float] = mapped_column(Double)
    low: Mapped[float] = mapped_column(Double)
    high: Mapped[float] = mapped_column(Double)
    unit: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str | None] = mapped_column(Text)
    method: Mapped[str] = mapped_column(Text)
    doubts: Mapped[list[str]] = mapped_column(JSON)


class CheckRow(Table):
    """The result of a check: how soon to seek help, and the rules that said so."""

    __tablename__ = "checks"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    day: Mapped[dt.date] = mapped_column(Date, index=True)
    urgency: Mapped[str] = mapped_column(String(16))
    rules: Mapped[list[str]] = mapped_column(JSON)
