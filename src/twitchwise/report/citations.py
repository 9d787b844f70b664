"""A source as a reader sees it: who, when, what, and where to find it."""

from collections.abc import Iterable
from dataclasses import dataclass

from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Source

AUTHORS_SHOWN = 2  # more are "et al."
OTHERS = "and others"  # how an author begins who stands for those that are not known


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """One source.

    ``text`` is the whole reference in one line, ``short`` its authors and year, ``url`` an address a reader can open.
    """

    id: str
    title: str
    short: str
    text: str
    url: str | None
    doi: str | None
    good_for: str | None


def cite(source: str, library: Library) -> Citation:
    """Return the citation of a source; one that is not on the shelf is named by its id alone.

    Parameters
    ----------
    source
        Id of the source.
    library
        Where the source is described.
    """
    record = library.sources.get(source)
    if record is None:
        return Citation(id=source, title=source, short=source, text=source, url=None, doi=None, good_for=None)
    short = f"{_authors(record.authors)} {record.year}"
    return Citation(
        id=source,
        title=record.title,
        short=short,
        text=f"{_authors(record.authors)} ({record.year}). {_ended(record.title)} {_ended(record.container)}",
        url=address_of(record),
        doi=record.doi,
        good_for=record.good_for,
    )


def cite_all(sources: Iterable[str], library: Library) -> tuple[Citation, ...]:
    """Return the citations of sources, each once, in the order given."""
    return tuple(cite(source, library) for source in dict.fromkeys(sources))


def address_of(source: Source) -> str:
    """Return where a source can be opened: its own page, else by DOI, PubMed Central or PubMed number."""
    if source.url is not None:
        return source.url
    if source.doi is not None:
        return f"https://doi.org/{source.doi}"
    if source.pmcid is not None:
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{source.pmcid}/"
    return f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"


def _authors(authors: tuple[str, ...]) -> str:
    if len(authors) > AUTHORS_SHOWN or any(author.startswith(OTHERS) for author in authors):
        return f"{authors[0]} et al."
    return " and ".join(authors)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."
