"""Recorded movement made by hand: a wrist that trembles, and a film with two twitches."""

import numpy as np

from twitchwise.examine import ExaminedRecording
from twitchwise.measure import FilmedMovement, RecordingMeasurements
from twitchwise.signals import ArraySource, Channel, EventTrain, Picture, Recording, Video
from twitchwise.vocabulary import ChannelKind, EventKind, Measurement, Side, Unit, View

RATE_HZ, DURATION_S = 100.0, 60.0
SENSOR = "left wrist accelerometer"
SUMMARY = "A tremor of 5.0 Hz in 40 of 60 s."


def axis(letter: str) -> Channel:
    """Return one axis of the sensor."""
    return Channel(
        name=f"{SENSOR} {letter}",
        kind=ChannelKind.ACCELERATION,
        unit=Unit.METER_PER_SECOND_SQUARED,
        sampling_rate_hz=RATE_HZ,
        n_samples=round(RATE_HZ * DURATION_S),
        array=SENSOR,
        side=Side.LEFT,
    )


def measured(name: str, value: float, unit: Unit, channel: str | None = SENSOR) -> Measurement:
    """Return a measurement from nine tenths to eleven tenths of its value."""
    return Measurement(
        id=name, value=value, low=0.9 * value, high=1.1 * value, unit=unit, channel=channel, method="By its peak."
    )


def train(
    kind: EventKind, channel: str, spans: list[tuple[float, float]], place: list[tuple[float, float]]
) -> EventTrain:
    """Return events from where to where and where in the picture they are."""
    start, stop = np.array(spans).T
    return EventTrain(
        kind=kind,
        channel=channel,
        start_s=start,
        peak_s=(start + stop) / 2,
        end_s=stop,
        peak=np.full(len(spans), 1.5),
        place=np.array(place),
    )


def recorded_wrist() -> ExaminedRecording:
    """Return a wrist sensor with a tremor, part of which is missing, and one number of the whole recording."""
    time_s = np.arange(round(RATE_HZ * DURATION_S)) / RATE_HZ
    shake = np.sin(2 * np.pi * 5 * time_s)
    shake[2000:3000] = np.nan
    recording = Recording(
        name="wrist.csv",
        format="CSV",
        channels=tuple(map(axis, "xyz")),
        source=ArraySource([shake, 0.5 * shake, np.full(time_s.size, 9.8)]),
        notes=("Acceleration is in g and includes gravity.",),
    )
    result = RecordingMeasurements(
        measurements=(
            measured("tremor_share", 67.0, Unit.PERCENT, None),
            measured("tremor_frequency", 5.0, Unit.HERTZ),
        ),
        events=(train(EventKind.TREMOR, SENSOR, [(0.0, 20.0), (30.0, 60.0)], []),),
        quality=(),
        rest={},
        summary=SUMMARY,
        movement_summary=SUMMARY,
    )
    return ExaminedRecording(recording=recording, result=result)


class Gray:
    """Pictures of one brightness."""

    def brightness(self, start: int, stop: int) -> "list[Picture]":
        """Return pictures of one brightness."""
        return [np.full((48, 64), 128, dtype=np.uint8)] * (stop - start)

    def color(self, start: int, stop: int) -> "list[Picture]":
        """Return pictures in gray, in color."""
        return [np.full((48, 64, 3), 128, dtype=np.uint8)] * (stop - start)


def recorded_film() -> ExaminedRecording:
    """Return a film with two twitches at one place."""
    trace = Channel(
        name="picture", kind=ChannelKind.DISPLACEMENT, unit=Unit.PIXEL, sampling_rate_hz=30.0, n_samples=300
    )
    traces = Recording(name="lid.mp4", format="MP4", channels=(trace,), source=ArraySource([np.zeros(300)]))
    twitches = train(EventKind.VISIBLE_TWITCH, "picture", [(2.0, 2.2), (5.0, 5.3)], [(20.0, 30.0), (22.0, 31.0)])
    result = RecordingMeasurements(
        measurements=(measured("visible_twitch_count", 2, Unit.COUNT, "picture"),),
        events=(twitches,),
        quality=(),
        rest={},
        summary="2 visible twitches in 10 s.",
        movement_summary="2 visible twitches in 10 s.",
    )
    heat = np.full((3, 4), 0.1)
    heat[1, 2], heat[0, 0] = 1.2, np.nan
    video = Video(name="lid.mp4", format="MP4", width=64, height=48, times_s=np.arange(300) / 30.0, source=Gray())  # type: ignore[arg-type]
    filmed = FilmedMovement(video=video, view=View.SKIN, traces=traces, result=result, heat_map=heat)
    return ExaminedRecording(recording=traces, result=result, film=filmed)
