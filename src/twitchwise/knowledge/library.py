"""All that is known, read from files shelf by shelf, and only the shelves that are asked for."""

from functools import cache, cached_property
from pathlib import Path

from twitchwise.knowledge.digest import digest_of_all
from twitchwise.knowledge.likelihood import Uncertainty
from twitchwise.knowledge.schema import (
    MEASURED_QUANTITIES,
    Advice,
    Checklist,
    Claim,
    Condition,
    Finding,
    Language,
    Medicine,
    Muscle,
    Parameter,
    PublishedRange,
    Rule,
    Sayings,
    Scene,
    Source,
    Story,
    Vignette,
)
from twitchwise.knowledge.shelf import Shelf, read_shelf
from twitchwise.vocabulary import OutOfRangeError

DATA = Path(__file__).parent / "data"


class Shelves:
    """The knowledge files below a folder, shelf by shelf.

    A shelf is read when it is first used, so that the first question needs no more than findings and rules.

    Parameters
    ----------
    folder
        Holds ``sources/``, ``findings/``, ``checklists/``, ``conditions/``, ``rules/``, ``advice/``, ``claims/``,
        ``medicines/``, ``parameters/``, ``muscles/``, ``ranges/``, ``scenes/``, ``stories/`` and ``vignettes/``.

    Raises
    ------
    KnowledgeError
        From any shelf, at the first file that does not fit.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def sources(self) -> Shelf[Source]:
        """Bibliographic records by id."""
        return read_shelf(self.folder / "sources", Source)

    @cached_property
    def findings(self) -> Shelf[Finding]:
        """Findings by id."""
        return read_shelf(self.folder / "findings", Finding)

    @cached_property
    def conditions(self) -> Shelf[Condition]:
        """Causes by id."""
        return read_shelf(self.folder / "conditions", Condition)

    @cached_property
    def rules(self) -> Shelf[Rule]:
        """Urgency rules by id."""
        return read_shelf(self.folder / "rules", Rule)

    @cached_property
    def advice(self) -> Shelf[Advice]:
        """Pieces of advice by id."""
        return read_shelf(self.folder / "advice", Advice)

    @cached_property
    def checklists(self) -> Shelf[Checklist]:
        """Pages of findings that are ticked together, by id."""
        return read_shelf(self.folder / "checklists", Checklist)

    @cached_property
    def claims(self) -> Shelf[Claim]:
        """Popular claims by id."""
        return read_shelf(self.folder / "claims", Claim)

    @cached_property
    def medicines(self) -> Shelf[Medicine]:
        """Classes of medicines by id."""
        return read_shelf(self.folder / "medicines", Medicine)

    @cached_property
    def languages(self) -> Shelf[Language]:
        """Words of each language by id."""
        return read_shelf(self.folder / "language", Language)

    @cached_property
    def parameters(self) -> Shelf[Parameter]:
        """Physiological and other numeric parameters by id."""
        return read_shelf(self.folder / "parameters", Parameter)

    @cached_property
    def muscles(self) -> Shelf[Muscle]:
        """Muscles by id, each with what it changes in the parameters."""
        return read_shelf(self.folder / "muscles", Muscle)

    @cached_property
    def ranges(self) -> Shelf[PublishedRange]:
        """Published ranges of measured quantities by id."""
        return read_shelf(self.folder / "ranges", PublishedRange)

    @cached_property
    def scenes(self) -> Shelf[Scene]:
        """What is done while recording, by id, each with what it changes in the parameters."""
        return read_shelf(self.folder / "scenes", Scene)

    @cached_property
    def stories(self) -> Shelf[Story]:
        """Popular stories that evidence contradicts, by id, both sides as changes of parameters."""
        return read_shelf(self.folder / "stories", Story)

    @cached_property
    def vignettes(self) -> Shelf[Vignette]:
        """Scenario tests by id."""
        return read_shelf(self.folder / "vignettes", Vignette)


class Library(Shelves):
    """All that is known: the shelves, how findings are said in other languages, and what is made of them.

    Parameters
    ----------
    folder
        As for `Shelves`, and ``sayings/``.

    Raises
    ------
    KnowledgeError
        From any shelf, at the first file that does not fit.
    """

    @cached_property
    def sayings(self) -> Shelf[Sayings]:
        """Phrases of findings in languages other than that of their own files, by id."""
        return read_shelf(self.folder / "sayings", Sayings)

    @cached_property
    def uncertainty(self) -> Uncertainty:
        """How wide numbers without counts are taken, from the parameters."""
        return Uncertainty(
            interval_z=self.value("assessment_interval_z"),
            reported_logit_sd=self.value("assessment_reported_logit_sd"),
            assumed_logit_sd=self.value("assessment_assumed_logit_sd"),
        )

    @cached_property
    def digest(self) -> str:
        """One digest of all that an assessment rests on."""
        return digest_of_all({**self.findings, **self.conditions, **self.rules, **self.parameters})

    def value(self, parameter: str) -> float:
        """Return a parameter's value in its file's unit, or raise OutOfRangeError when there is none of that id."""
        if parameter not in self.parameters:
            raise OutOfRangeError(f"parameter must be one of knowledge/data/parameters, got {parameter!r}.")
        return self.parameters[parameter].value.value

    def ranges_for(
        self, quantity: str, *, muscle: str | None = None, electrode: str | None = None
    ) -> tuple[PublishedRange, ...]:
        """Return the published ranges of a quantity, each with what it cannot tell.

        Parameters
        ----------
        quantity
            Id of the measurement.
        muscle
            Id of a muscle file; ranges of other muscles are left out, for they differ. All muscles unless given.
        electrode
            ``surface``, ``high_density_surface`` or ``needle``; ranges of others are left out, save those that were not
            recorded electrically. All unless given.

        Raises
        ------
        OutOfRangeError
            If no range may be known of the quantity.

        Examples
        --------
        >>> [str(one.population) for one in library().ranges_for("time_locked_share", muscle="tibialis_anterior")]
        ['amyotrophic_lateral_sclerosis', 'amyotrophic_lateral_sclerosis', 'benign_fasciculation']
        """
        if quantity not in MEASURED_QUANTITIES:
            raise OutOfRangeError(f"quantity must be one of {', '.join(MEASURED_QUANTITIES)}, got {quantity!r}.")
        return tuple(
            one
            for one in self.ranges.values()
            if one.quantity == quantity
            and muscle in (None, one.muscle)
            and (electrode is None or one.electrode in (None, electrode))
        )

    def muscle_named(self, words: str) -> str | None:
        """Return the id of the muscle that a recording calls by some words, or ``None`` if no file has that name.

        Examples
        --------
        >>> library().muscle_named("Tibialis anterior"), library().muscle_named("left wing")
        ('tibialis_anterior', None)
        """
        said = words.replace("_", " ").strip().lower()
        for name, muscle in self.muscles.items():
            if said in {name.replace("_", " "), *(other.lower() for other in muscle.names)}:
                return name
        return None


@cache
def library() -> Library:
    """Return the knowledge that the program ships, read once a process."""
    return Library(DATA)
