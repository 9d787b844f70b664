"""What a reader must know of the other activity on a channel, as sentences: what was refused, what was not decided."""

from collections.abc import Mapping

from twitchwise.measure.emg.rhythms.definitions import Kind, Other
from twitchwise.measure.emg.rhythms.events import named_rhythms, named_runs
from twitchwise.measure.emg.rhythms.findings import BURST_KINDS
from twitchwise.measure.emg.rhythms.settings import RhythmSettings
from twitchwise.measure.emg.rhythms.sightings import Sightings
from twitchwise.measure.emg.rhythms.trace import ChannelTrace
from twitchwise.measure.emg.rhythms.words import KIND_WORDS
from twitchwise.vocabulary import Electrode, EventKind, Unit
from twitchwise.vocabulary.text import digits, say, together

_MOST_LISTED = 5


def statements_of(seen: Sightings, trace: ChannelTrace, settings: RhythmSettings) -> tuple[str, ...]:
    """Return the sentences on one channel, the most general first."""
    return tuple(
        sentence
        for sentence in (
            *_refused(seen, trace, settings),
            *_left_out(seen),
            *_of_bursts(seen, trace, settings),
            *_shared(seen, trace, settings),
            *_long(seen, settings),
        )
        if sentence
    )


def _refused(seen: Sightings, trace: ChannelTrace, settings: RhythmSettings) -> tuple[str, ...]:
    name, found = trace.channel, []
    if not trace.is_needle:
        found.append(_no_needle(name, trace.electrode))
    elif trace.sampling_rate_hz < settings.needle_sampling_least_hz:
        found.append(
            say(
                "Single muscle fibers were not looked for on {channel!r}: sampling rate must be at least {least_hz:g} "
                "Hz, got {rate_hz:g}.",
                channel=name,
                least_hz=settings.needle_sampling_least_hz,
                rate_hz=trace.sampling_rate_hz,
            )
        )
    if seen.looked_s < settings.time_least_s:
        found.append(
            say(
                "{channel!r} lasts {looked_s:.0f} s, which is too short to say that any of these kinds is absent; "
                "{needed_s:g} s are needed.",
                channel=name,
                looked_s=seen.looked_s,
                needed_s=settings.time_least_s,
            )
        )
    if trace.unit is not Unit.VOLT:
        found.append(
            say(
                "Sizes of potentials on {channel!r} were not judged, because the file does not give volts.",
                channel=name,
            )
        )
    return tuple(found)


def _no_needle(channel: str, electrode: Electrode) -> str:
    if electrode is Electrode.SURFACE:
        return say(
            "Fibrillation potentials, positive sharp waves, myotonic and complex repetitive discharges were not looked "
            "for on {channel!r}: they come from single muscle fibers, which only a needle shows; this electrode lies "
            "on the skin.",
            channel=channel,
        )
    return say(
        "Fibrillation potentials, positive sharp waves, myotonic and complex repetitive discharges were not looked for "
        "on {channel!r}: they come from single muscle fibers, which only a needle shows; this electrode is of an "
        "unknown kind.",
        channel=channel,
    )


def _left_out(seen: Sightings) -> tuple[str, ...]:
    kinds = [run.kind for run in seen.runs]
    clock = [run.features.rate_hz for run in seen.runs if run.kind is Other.CLOCKWORK]
    words = {
        Other.CLOCKWORK: say(
            "A rhythm as even as a machine's ({rate_hz:.2f} a second) was left out; a stimulator or a device makes it.",
            rate_hz=clock[0] if clock else 0.0,
        ),
        Other.HEARTBEAT: say("A rhythm that may be the heart's was left out."),
        Other.WILLED: say(
            "Motor units discharge at the rates and as evenly as under will; such discharge is not counted as "
            "spontaneous."
        ),
    }
    return tuple(sentence for kind, sentence in words.items() if kind in kinds)


def _of_bursts(seen: Sightings, trace: ChannelTrace, settings: RhythmSettings) -> tuple[str, ...]:
    named = named_rhythms(seen, trace, settings)
    open_ones = [one for one in seen.rhythms if one not in named and one.kind in BURST_KINDS]
    if not open_ones:
        return ()
    shown = sorted({f"{one.rate_hz:.1f}" for one in open_ones})[:_MOST_LISTED]
    rates = together([digits(rate) for rate in shown], ", ")
    if trace.is_needle:
        return (
            say(
                "The loudness has a rhythm ({rates} a second) that was not named: a needle sees few units, and one "
                "willed unit makes such a rhythm too.",
                rates=rates,
            ),
        )
    return (say("The loudness has a rhythm ({rates} a second) that was not named: it fits no kind well.", rates=rates),)


def _shared(seen: Sightings, trace: ChannelTrace, settings: RhythmSettings) -> tuple[str, ...]:
    """Tell the pairs of kinds that fit one thing, each pair once."""
    found: dict[tuple[EventKind, Kind], float] = {}
    weighed = [run.kinds for _, run in named_runs(seen, settings)]
    weighed += [one.kinds for one in named_rhythms(seen, trace, settings)]
    for kinds in weighed:
        first, second = sorted(kinds, key=lambda kind: -kinds[kind])[:2]
        if kinds[second] >= settings.shared_from and isinstance(first, EventKind):
            found[first, second] = max(found.get((first, second), 0.0), kinds[second])
    return tuple(
        say(
            "What is called {first} also fits {second} (probability up to {share:.2f}).",
            first=KIND_WORDS[first],
            second=KIND_WORDS[second],
            share=share,
        )
        for (first, second), share in list(found.items())[:_MOST_LISTED]
    )


def _long(seen: Sightings, settings: RhythmSettings) -> tuple[str, ...]:
    def decided(kinds: Mapping[Kind, float]) -> bool:
        return max(kinds.values()) >= settings.decided_from

    unknown = [one for one in seen.spans if one.irregularity is None or not decided(one.kinds)]
    unknown = [one for one in unknown if one.kinds[EventKind.CRAMP_DISCHARGE] < settings.decided_from]
    if not unknown:
        return ()
    listed = [
        say("{start_s:.1f}-{end_s:.1f} s", start_s=one.start_s, end_s=one.end_s) for one in unknown[:_MOST_LISTED]
    ]
    times, more = together(listed, ", "), len(unknown) - _MOST_LISTED
    return (
        say(
            "Long activity ({times}) is a contraction, a spasm or a cramp; which of them was not decided. It can be "
            "told once it is known when the person had let go.",
            times=say("{times} and {more} more", times=times, more=more) if more > 0 else times,
        ),
    )
