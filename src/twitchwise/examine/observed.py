"""What recordings show, as findings: a number, or that something is there; what was not seen is no finding at all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from twitchwise.assess import Case, Observation
from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Finding
from twitchwise.vocabulary import EventKind, FindingState, Measurement
from twitchwise.vocabulary.text import say, together

if TYPE_CHECKING:
    from twitchwise.examine.examined import ExaminedRecording

# Activity that only an examination with EMG by a doctor confirms.
OF_EMG = {
    EventKind.FIBRILLATION_POTENTIAL: say("Fibrillation potentials"),
    EventKind.POSITIVE_SHARP_WAVE: say("Positive sharp waves"),
    EventKind.MYOTONIC_DISCHARGE: say("Myotonic discharges"),
    EventKind.COMPLEX_REPETITIVE_DISCHARGE: say("Complex repetitive discharges"),
    EventKind.MYOKYMIC_DISCHARGE: say("Myokymic discharges"),
    EventKind.NEUROMYOTONIC_DISCHARGE: say("Neuromyotonic discharges"),
    EventKind.CONTINUOUS_UNIT_DISCHARGE: say("Continuous unit discharges"),
    EventKind.CRAMP_DISCHARGE: say("Cramp discharges"),
    EventKind.TREMOR_BURST: say("Tremor bursts"),
    EventKind.CLONUS_BEAT: say("Clonus beats"),
    EventKind.REFLEX: say("Reflexes"),
    EventKind.M_WAVE: say("M waves"),
}
"""Kinds of other activity in EMG."""


def observed_in(case: Case, recordings: "Sequence[ExaminedRecording]", library: Library) -> dict[str, Observation]:
    """Return the findings that recordings add to a case, by id, from measurements without doubts alone.

    Parameters
    ----------
    case
        What was answered; of what is there already the answer says more than a recording.
    recordings
        Measured recordings.
    library
        Says which measurement gives which finding.
    """
    shown = {name: _shown(finding, recordings) for name, finding in library.findings.items()}
    return {
        name: seen
        for name, seen in shown.items()
        if seen is not None and (seen.value is not None or case.state(name) is not FindingState.PRESENT)
    }


def _shown(finding: Finding, recordings: "Sequence[ExaminedRecording]") -> Observation | None:
    """Return what the recordings show of a finding: of several the greatest, because what is seen anywhere was seen."""
    found = [
        (examined, one)
        for examined in recordings
        for one in examined.result.measurements
        if not one.doubts and gives(one, finding, examined.site)
    ]
    if not found:
        return None
    examined, best = max(found, key=lambda pair: pair[1].value)
    if finding.measured is None or finding.measured.above is None:
        return Observation.of_measurement(best)
    sites = () if examined.site is None else (examined.site,)
    return Observation(finding=finding.id, state=FindingState.PRESENT, measured=True, side=examined.side, sites=sites)


def gives(measurement: Measurement, finding: Finding, site: str | None) -> bool:
    """Tell whether a measurement of a recording of some part of the body gives a finding."""
    rule = finding.measured
    if rule is None or rule.by != measurement.id:
        return False
    if rule.sites and (site is None or site.lower() not in rule.sites):
        return False
    return rule.above is None or measurement.low > rule.above


def is_weighable(measurement: Measurement, library: Library) -> bool:
    """Tell whether a measurement can give any finding."""
    return any(one.measured is not None and one.measured.by == measurement.id for one in library.findings.values())


def doubt_warnings(measurements: Iterable[Measurement], library: Library) -> Iterator[str]:
    """Say of what could be weighed but is doubted that it is not weighed."""
    for value in measurements:
        if value.doubts and is_weighable(value, library):
            doubts = together(value.doubts)
            if value.channel is None:
                yield say("{name} is shown but not weighed: {doubts}", name=value.id, doubts=doubts)
            else:
                yield say(
                    "{name} on {channel} is shown but not weighed: {doubts}",
                    name=value.id,
                    channel=value.channel,
                    doubts=doubts,
                )


def denied_warnings(case: Case, observed: Mapping[str, Observation], library: Library) -> Iterator[str]:
    """Say of what a person denied that a recording shows it; it counts as there, because a sign was recorded."""
    for name, seen in observed.items():
        if seen.state is FindingState.PRESENT and case.state(name) is FindingState.ABSENT:
            label = library.findings[name].label
            yield say("A recording shows {finding}, which was answered with no; it is weighed as there.", finding=label)


def sightings(measurements: Iterable[Measurement], library: Library) -> list[str]:
    """Say of other activity in EMG, such as myotonic discharges, that it is shown and decides nothing.

    What is known of such activity is known of a doctor's examination with a needle; a program's sighting is not one.
    """
    kinds = {f"{kind.value}_rate": name for kind, name in OF_EMG.items()}
    seen = dict.fromkeys(
        (kinds[value.id], value.channel)
        for value in measurements
        if value.id in kinds and value.value > 0 and not is_weighable(value, library)
    )
    return [
        say(
            "{activity} were seen on {channel}; they are shown but not weighed, because only a doctor's examination "
            "with EMG can confirm them.",
            activity=name,
            channel=channel,
        )
        for name, channel in seen
    ]
