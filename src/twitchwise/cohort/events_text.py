"""The events of a recording as BIDS ``events.tsv``, made from the rows of the study's table."""

from typing import TYPE_CHECKING

from twitchwise.formats.bids.measured_events import COLUMNS, event_cells
from twitchwise.formats.bids.text import table

if TYPE_CHECKING:
    import pyarrow as pa


def events_text(events: "pa.Table") -> str:
    """Return the same text that `measured_events_table` makes of the recording itself.

    Parameters
    ----------
    events
        Rows of the table of events, with or without who and when.
    """
    columns = {name: events[name] for name in events.column_names}
    cells = event_cells(
        kind=columns["kind"].to_pylist(),
        channel=columns["channel"].to_pylist(),
        start_s=columns["start_s"].to_numpy(),
        peak_s=columns["peak_s"].to_numpy(),
        end_s=columns["end_s"].to_numpy(),
        peak=columns["peak"].to_pylist(),
        peak_unit=columns["peak_unit"].to_pylist(),
        source=columns["source"].to_pylist(),
        probability=columns["probability"].to_pylist(),
    )
    return table(COLUMNS, cells)
