"""The words for people in the knowledge are texts, all of them and nothing else."""

from typing import Annotated

import msgspec
from msgspec import Meta

from twitchwise.knowledge import library
from twitchwise.knowledge.digest import digest_of
from twitchwise.knowledge.schema import Condition, Finding, Source
from twitchwise.knowledge.schema.entry import Entry
from twitchwise.knowledge.schema.for_people import ForPeople
from twitchwise.knowledge.texts import texts_of, with_texts
from twitchwise.vocabulary.text import Text

KNOWN = library()


class Inner(Entry, frozen=True, kw_only=True):
    said: ForPeople


class Outer(Entry, frozen=True, kw_only=True):
    id: str
    label: ForPeople
    number: float | None = None
    help: ForPeople | None = None
    inner: Inner | None = None
    lines: Annotated[tuple[ForPeople, ...], Meta(description="several")] = ()
    many: tuple[Inner, ...] = ()


def test_every_field_for_people_becomes_a_text_at_any_depth() -> None:
    entry = Outer(
        id="x", label="a", number=2.0, help="b", inner=Inner(said="c"), lines=("d", "e"), many=(Inner(said="f"),)
    )
    with_texts(entry)
    assert [str(one) for one in texts_of(entry)] == ["a", "b", "c", "d", "e", "f"]
    assert not isinstance(entry.id, Text)
    assert entry == Outer(
        id="x", label="a", number=2.0, help="b", inner=Inner(said="c"), lines=("d", "e"), many=(Inner(said="f"),)
    )


def test_what_is_left_out_stays_left_out() -> None:
    assert list(texts_of(with_texts(Outer(id="x", label="a")))) == ["a"]


def test_ids_and_sources_are_no_texts_and_what_people_read_is() -> None:
    condition, finding = KNOWN.conditions["caffeine"], KNOWN.findings["fasciculation"]
    source = next(iter(KNOWN.sources.values()))
    assert all(isinstance(one, Text) for one in (condition.summary, condition.care.outlook, finding.plain))
    assert not any(isinstance(one, Text) for one in (condition.id, finding.id, source.title, *source.authors))
    assert {type(condition), type(finding), type(source)} == {Condition, Finding, Source}


def test_a_digest_is_that_of_the_english_words() -> None:
    condition = KNOWN.conditions["caffeine"]
    plain = msgspec.json.decode(msgspec.json.encode(condition, enc_hook=str), type=Condition)
    assert not isinstance(plain.summary, Text)
    assert digest_of(plain) == digest_of(condition)
