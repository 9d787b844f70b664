"""What a plan rests on, each with its value and where that comes from, and what no plan can know."""

from twitchwise.cohort.power.plan import Support
from twitchwise.cohort.power.population import Population
from twitchwise.knowledge import library

GIVEN = "as given"
MODEL_LIMIT = (
    "Simulated people are not patients: no patient was measured for this plan, and a pilot study tells more (--pilot)."
)
RANDOM_LIMIT = (
    "In the model fasciculations come at random; where real ones come in bouts, short recordings need more people."
)
STEADY_LIMIT = "The disease stands still between visits, and every participant changes by the same ratio."
MISSED_LIMIT = "Events too small for the electrodes count for nobody; that share is taken to be the same in all."
NORMAL_LIMIT = "Values are taken as normally distributed, with one spread in all participants and visits."
PILOT_LIMIT = "A small pilot knows its own spread badly: see the numbers at the ends of its interval."


def of_parameter(name: str, given: float | None, what: str, shown: str) -> Support:
    """Return the support that is a parameter of the knowledge files, unless another value was given.

    Parameters
    ----------
    name
        Id of the parameter.
    given
        The value to be used instead.
    what, shown
        What it is, and how its value is shown, as a format with one place.
    """
    if given is not None:
        return Support(what=what, value=shown.format(given), source=GIVEN)
    parameter = library().parameters[name]
    because = parameter.value.assumed
    told = "reported" if because is None else f"assumed: {because.because}"
    ids = ", ".join(dict.fromkeys(evidence.source for evidence in parameter.evidence))
    return Support(
        what=what,
        value=shown.format(parameter.value.value),
        source=f"{told} (parameter {name}{f'; sources {ids}' if ids else ''})",
    )


def of_population(people: Population, minutes: float) -> tuple[Support, ...]:
    """Return what is simulated of people: how their rates differ, and how their counts vary within a recording."""
    rates = people.rates_per_min
    few, low, middle, high, many = people.quantiles((0.05, 0.25, 0.5, 0.75, 0.95))
    return (
        Support(
            what=f"rates of {people.n_people} simulated people ({people.condition})",
            value=(
                f"mean {rates.mean():.3g} per minute; median {middle:.3g}, half of them {low:.3g} to {high:.3g}, "
                f"nine in ten {few:.3g} to {many:.3g}"
            ),
            source=(
                "the forward model, with the spread of severity and of rates between people that the parameters "
                "people_severity_spread and fasciculation_rate_per_min have (assumed)"
            ),
        ),
        Support(
            what=f"variance over mean of a count of {minutes:g} minutes within one person ({people.condition})",
            value=f"{people.variance_over_mean(minutes):.2f} (1 for events at random)",
            source="the simulated events; that they come at random but for a dead time and doublets is assumed",
        ),
    )


def of_detector(sensitivity: float | None, false_alarms: float | None) -> tuple[Support, ...]:
    """Return what is taken of the detector; its numbers are `None` where the knowledge files' are taken."""
    return (
        of_parameter("study_detector_sensitivity", sensitivity, "true events that the detector counts", "{:.0%}"),
        of_parameter("study_detector_false_alarms", false_alarms, "false alarms", "{:.3g} per minute"),
    )
