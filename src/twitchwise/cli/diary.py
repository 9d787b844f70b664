"""``twitchwise diary``: what a person chooses to keep, on their own machine; nothing is kept before ``start``."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twitchwise.cli.diary_options import (
    Chair,
    Cups,
    DayOption,
    Drinks,
    Exercise,
    Eyelids,
    File,
    Hair,
    Json,
    Lifting,
    Minutes,
    Note,
    Places,
    Severity,
    Signs,
    Sleep,
    SleepQuality,
    Stress,
    Twitches,
    change_day,
    cleared_by,
    day_in,
    given_in,
    new_entry,
    past_day,
)
from twitchwise.cli.output import print_json, require_writable
from twitchwise.diary import NoSuchDayError, default_file, erase_diary, open_diary, start_diary, today
from twitchwise.vocabulary import OutOfRangeError

if TYPE_CHECKING:
    from twitchwise.diary import Entry

application = typer.Typer(
    help="A diary of twitches on your own machine; nothing is kept before you start one.", no_args_is_help=True
)

MOST_DAYS = 366  # a year


@application.command()
def start(diary: File = None) -> None:
    """Start a diary, and say where it lies."""
    started = start_diary(diary)
    typer.echo(f"The diary is in {started.where}. Only you put things into it, and 'twitchwise diary erase' erases it.")


@application.command()
def add(  # noqa: PLR0913, PLR0917 - one parameter an option
    day: DayOption = None,
    twitches: Twitches = None,
    minutes: Minutes = None,
    severity: Severity = None,
    place: Places = None,
    cups: Cups = None,
    drinks: Drinks = None,
    sleep: Sleep = None,
    sleep_quality: SleepQuality = None,
    exercise: Exercise = None,
    stress: Stress = None,
    sign: Signs = None,
    chair: Chair = None,
    hair: Hair = None,
    lifting: Lifting = None,
    eyelids: Eyelids = None,
    note: Note = None,
    diary: File = None,
    json: Json = False,
) -> None:
    """Add the entry of a day; what is not given is not noted."""
    entry = new_entry(past_day(day), given_in(locals()))
    open_diary(diary).add(entry)
    _say_kept(entry, as_json=json)


@application.command()
def edit(  # noqa: PLR0913, PLR0917 - one parameter an option
    day: Annotated[str, typer.Argument(help="The day, as 2026-11-29.")],
    twitches: Twitches = None,
    minutes: Minutes = None,
    severity: Severity = None,
    place: Places = None,
    cups: Cups = None,
    drinks: Drinks = None,
    sleep: Sleep = None,
    sleep_quality: SleepQuality = None,
    exercise: Exercise = None,
    stress: Stress = None,
    sign: Signs = None,
    chair: Chair = None,
    hair: Hair = None,
    lifting: Lifting = None,
    eyelids: Eyelids = None,
    note: Note = None,
    clear: Annotated[
        list[str] | None, typer.Option(help="An option whose answer is to be taken out, such as cups; may be repeated.")
    ] = None,
    diary: File = None,
    json: Json = False,
) -> None:
    """Change the entry of a day: what is given, and what is cleared; the rest stays."""
    given = given_in(locals())
    entry = change_day(open_diary(diary), day_in(day), {**cleared_by(clear or ()), **given})
    _say_kept(entry, as_json=json)


@application.command()
def delete(
    day: Annotated[str | None, typer.Argument(help="The day whose entry is erased.", show_default=False)] = None,
    recording: Annotated[int | None, typer.Option(help="Number of a recording to erase.")] = None,
    check: Annotated[int | None, typer.Option(help="Number of a check to erase.")] = None,
    diary: File = None,
) -> None:
    """Erase the entry of a day, what was measured on a recording, or the result of a check."""
    if sum(one is not None for one in (day, recording, check)) != 1:
        raise OutOfRangeError("delete must have exactly one of a day, --recording and --check.")
    opened = open_diary(diary)
    if day is not None:
        opened.remove(day_in(day))
    if recording is not None:
        opened.remove_recording(recording)
    if check is not None:
        opened.remove_check(check)
    typer.echo("Erased.")


@application.command()
def keep(
    case: Annotated[Path | None, typer.Option(help="A case file; the result of its check is kept.")] = None,
    recording: Annotated[
        list[Path] | None, typer.Option(help="A recording to measure; what is measured is kept, the recording is not.")
    ] = None,
    day: DayOption = None,
    diary: File = None,
) -> None:
    """Keep the result of a check, or what is measured on a recording."""
    if case is None and not recording:
        raise OutOfRangeError("keep must have --case or --recording, or both.")
    opened, on = open_diary(diary), past_day(day)
    from twitchwise.cli.diary_keep import keep_case, keep_recording  # noqa: PLC0415 - loads when it is asked for

    for file in recording or ():
        keep_recording(opened, file, on)
    if case is not None:
        keep_case(opened, case, on)
    typer.echo("Kept.")


@application.command()
def show(
    day: Annotated[str | None, typer.Argument(help="One day; all days unless given.", show_default=False)] = None,
    diary: File = None,
    json: Json = False,
) -> None:
    """Show what is kept."""
    opened = open_diary(diary)
    one = None if day is None else day_in(day)
    entries = opened.entries(one, one)
    if one is not None and not entries:
        raise NoSuchDayError(f"day must have an entry, got {one}.")
    if json:
        from twitchwise.diary.contents import as_plain, tables_of  # noqa: PLC0415 - loads when it is asked for

        tables = tables_of(opened) if one is None else {}
        kept = {name: tables.get(name, []) for name in ("recordings", "measurements", "checks")}
        print_json({"entries": [as_plain(entry) for entry in entries], **kept})
        return
    from twitchwise.diary.show import lines_of  # noqa: PLC0415 - loads when it is asked for

    _print(lines_of(entries, () if one else opened.recordings(), () if one else opened.checks(), opened.known))


@application.command()
def trend(
    until: Annotated[str | None, typer.Option(help="The last day; today unless given.")] = None,
    days: Annotated[int | None, typer.Option(help="Days in each of the two periods; 28 unless given.")] = None,
    diary: File = None,
    json: Json = False,
) -> None:
    """Say what changed between the last weeks and those before, and which days were unlike others."""
    from twitchwise.diary.contents import plain  # noqa: PLC0415 - loads when it is asked for
    from twitchwise.diary.trend import trend_of  # noqa: PLC0415
    from twitchwise.diary.trend_words import lines_of, sentences_of  # noqa: PLC0415

    if days is not None and not 1 <= days <= MOST_DAYS:
        raise OutOfRangeError(f"days must be a whole number from 1 to {MOST_DAYS}, got {days!r}.")
    opened = open_diary(diary)
    last = day_in(until) if until else today()
    found = trend_of(opened.entries(), opened.recordings(), opened.known, last=last, period_days=days)
    if json:
        print_json({**plain(found), "sentences": sentences_of(found)})
    else:
        _print(lines_of(found))


@application.command()
def doctor(
    until: Annotated[str | None, typer.Option(help="The last day; today unless given.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the page to an HTML file, to print it.")] = None,
    diary: File = None,
    json: Json = False,
) -> None:
    """Put the last four weeks on one page for the doctor."""
    from twitchwise.diary.contents import plain  # noqa: PLC0415 - loads when it is asked for
    from twitchwise.diary.for_the_doctor import doctor_page, lines_of_page  # noqa: PLC0415

    if html is not None:
        require_writable(html)
    page = doctor_page(open_diary(diary), day_in(until) if until else today())
    if html is not None:
        from twitchwise.report.diary_page import write_doctor_page  # noqa: PLC0415 - loads when it is asked for

        write_doctor_page(page, html)
        typer.echo(f"The page is in {html}", err=True)
    if json:
        print_json(plain(page))
    elif html is None:
        _print(lines_of_page(page))


@application.command()
def export(
    out: Annotated[Path, typer.Argument(help="The zip file to write; it must not be there yet.")],
    diary: File = None,
) -> None:
    """Write all that is kept to one zip file: tables, JSON, and what the columns are."""
    opened = open_diary(diary)
    from twitchwise.diary.export import write_export  # noqa: PLC0415 - loads when it is asked for

    write_export(opened, out)
    typer.echo(f"All that is kept is in {out}. That file is not locked: whoever has it can read it.")


@application.command()
def erase(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    diary: File = None,
) -> None:
    """Erase the whole diary, with all that lies beside it; exports that you saved stay where you put them."""
    where = diary or default_file()
    if not yes and not typer.confirm(f"Erase everything in {where}? This cannot be undone."):
        typer.echo("Nothing was erased.")
        return
    erase_diary(where)
    typer.echo("The diary is erased. Exports that you saved, and copies made by a backup program, are not.")


def _say_kept(entry: "Entry", *, as_json: bool) -> None:
    if as_json:
        from twitchwise.diary.contents import as_plain  # noqa: PLC0415 - loads when it is asked for

        print_json(as_plain(entry))
    else:
        typer.echo(f"Kept the entry of {entry.day}.")


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)
