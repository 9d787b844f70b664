import datetime as dt
from dataclasses import fields

import pytest

from twitchwise.knowledge import Library, library
from twitchwise.knowledge.schema import Design, Read, Source
from twitchwise.report.citations import Citation, address_of, cite, cite_all


def source(**where: str) -> Source:
    return Source(
        id="a_2020",
        title="What is a twitch?",
        authors=("A A", "B B", "C C"),
        year=2020,
        container="Journal of Twitches",
        design=Design.COHORT,
        read=Read.ABSTRACT,
        read_on=dt.date(2026, 1, 1),
        **where,  # type: ignore[arg-type] # addresses are text, and the schema checks them
    )


@pytest.mark.parametrize(
    ("where", "address"),
    [
        ({"url": "https://example.org/a", "doi": "10.1000/x"}, "https://example.org/a"),
        ({"doi": "10.1000/x", "pmid": "1"}, "https://doi.org/10.1000/x"),
        ({"pmcid": "PMC1", "pmid": "1"}, "https://pmc.ncbi.nlm.nih.gov/articles/PMC1/"),
        ({"pmid": "1"}, "https://pubmed.ncbi.nlm.nih.gov/1/"),
    ],
)
def test_a_source_leads_to_its_page_else_to_where_it_is_listed(where: dict[str, str], address: str) -> None:
    assert address_of(source(**where)) == address


def test_a_source_is_cited_by_author_year_title_and_place(small_library: Library) -> None:
    assert cite("example_2020", small_library).text == "Example A (2020). An example. Journal of Examples."
    assert cite("example_2020", small_library).short == "Example A 2020"


def test_a_source_that_is_not_on_the_shelf_is_named_by_its_id(small_library: Library) -> None:
    citation = cite("lost_1999", small_library)
    assert (citation.text, citation.url) == ("lost_1999", None)


def test_each_source_is_cited_once_in_the_order_given(small_library: Library) -> None:
    cited = cite_all(["lost_1999", "example_2020", "lost_1999"], small_library)
    assert [citation.id for citation in cited] == ["lost_1999", "example_2020"]


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("name", sorted(library().sources))
def test_every_shipped_source_can_be_opened_and_reads_as_sentences(name: str) -> None:
    citation = cite(name, library())
    assert citation.url is not None
    assert citation.url.startswith("https://")
    assert ".." not in citation.text.replace("...", "")
    assert "?." not in citation.text
    assert {field.name for field in fields(Citation)} >= {"title", "doi"}


def test_no_source_is_cited_by_and_and_others() -> None:
    known = library()
    for citation in cite_all(known.sources, known):
        assert "and and" not in citation.short, citation.id
        assert "others" not in citation.short, citation.id
