"""A simulation as terminal text: the twitch beside a healthy one, the true events, and what was assumed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from twitchwise.knowledge import library
from twitchwise.report.display import clean, duration, quantity
from twitchwise.report.story import condition_label
from twitchwise.report.text_of_recording import events_in_words
from twitchwise.report.text_parts import bullets, page, paragraph, section, title
from twitchwise.report.wording import HEADINGS, MUSCLE_LEAD, NOTICE
from twitchwise.vocabulary import Unit

if TYPE_CHECKING:
    from twitchwise.simulate import Simulation

ROWS = (
    ("Latent period", "latent_period_s", Unit.SECOND),
    ("Contraction time", "contraction_time_s", Unit.SECOND),
    ("Half-relaxation time", "half_relaxation_time_s", Unit.SECOND),
    ("Peak force", "peak_force_n", Unit.NEWTON),
)


def simulation_as_text(simulation: "Simulation") -> RenderableType:
    """Return a simulation for a terminal.

    Parameters
    ----------
    simulation
        What was simulated.
    """
    label = condition_label(simulation.condition, library())
    length = duration(simulation.recording.duration_s)
    return page(
        title(f"Simulated: {label}, {length}, seed {simulation.seed}"),
        section("One twitch", paragraph(MUSCLE_LEAD), Text(), _twitches(simulation, label)),
        section("True events", bullets(events_in_words(simulation.events))),
        section("What the condition changes", bullets(_changed(simulation))),
        section(
            HEADINGS.doubts, bullets(map(clean, dict.fromkeys((*simulation.recording.warnings, *simulation.warnings))))
        ),
        section(HEADINGS.about, paragraph(NOTICE)),
    )


def _twitches(simulation: "Simulation", label: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for heading in ("", label[:1].upper() + label[1:], "Healthy"):
        table.add_column(Text(heading, style="bold"))
    for name, field, unit in ROWS:
        values = (getattr(twitch, field) for twitch in (simulation.twitch, simulation.healthy_twitch))
        table.add_row(name, *(Text(quantity(value, unit)) for value in values))
    return table


def _changed(simulation: "Simulation") -> Iterator[str]:
    parameters, before = library().parameters, simulation.prepared.healthy_parameters
    for name, value in simulation.parameters.items():
        parameter = parameters[name]
        shown, healthy = (quantity(one, parameter.unit) for one in (value, before[name]))
        if shown != healthy:
            yield f"{parameter.label}: {shown} (healthy: {healthy})"
