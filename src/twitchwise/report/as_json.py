"""Results as JSON: the public contract of `twitchwise.report.contract`, filled in."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, cast

import msgspec

from twitchwise.assess import (
    Case,
    Cause,
    ForTheDoctor,
    NotCovered,
    Probability,
    RuleReason,
    Separation,
    Weight,
    WhatIf,
)
from twitchwise.examine import Examination, ExaminedRecording
from twitchwise.knowledge import Library, library
from twitchwise.report.citations import cite_all
from twitchwise.report.contract import (
    CaseOut,
    CauseOut,
    CauseReasonOut,
    ChannelOut,
    CheckOut,
    Estimate,
    EventOut,
    ForTheDoctorOut,
    MeasurementOut,
    MeasureOut,
    NotCoveredOut,
    Out,
    PublishedRangeOut,
    QualityOut,
    RecordingOut,
    SeparationOut,
    SourceOut,
    UnitOut,
    UrgencyOut,
    UrgencyReasonOut,
    WouldChangeOut,
)
from twitchwise.report.places import places_of
from twitchwise.report.recording.bearing import support_at
from twitchwise.report.recording.movements import movement_ranges
from twitchwise.report.recording.ranges import RangeBeside, all_ranges
from twitchwise.report.review import review_of
from twitchwise.report.wording import NOTICE
from twitchwise.vocabulary import Measurement, Unit

if TYPE_CHECKING:
    from twitchwise.measure import ChannelQuality, UnitMeasurements
    from twitchwise.signals import Channel, EventTrain, Intervals, Recording

Json = dict[str, object]


def examination_as_json(examination: Examination) -> Json:
    """Return an examination as ``check --json`` prints it, strictly JSON and in a fixed order of keys.

    Parameters
    ----------
    examination
        The visit as a whole.
    """
    assessment, library = examination.assessment, examination.library
    reasons = [_urgency_reason(reason, library) for reason in assessment.urgency.reasons]
    return plain(
        CheckOut(
            urgency=UrgencyOut(level=assessment.urgency.level.word, reasons=reasons),
            causes=[_cause(cause, library) for cause in assessment.causes],
            not_covered=_not_covered(assessment.not_covered),
            not_assessed=list(assessment.not_assessed),
            emergency_signs_not_asked=list(assessment.emergency_signs_not_asked),
            measurements=[one for examined in examination.recordings for one in _measurements(examined)],
            warnings=list(examination.warnings),
            case=_case(examination.case),
            knowledge_digest=library.digest,
            review=review_of(examination),
            version=version("twitchwise"),
            notice=NOTICE,
            contributors=[_cause(cause, library) for cause in assessment.contributors],
            separation=_separation(assessment.separation),
            would_change=[_would_change(one) for one in assessment.would_change],
            for_the_doctor=_for_the_doctor(assessment.for_the_doctor),
        )
    )


def recording_as_json(examined: ExaminedRecording) -> Json:
    """Return a measured recording as ``measure --json`` prints it.

    Parameters
    ----------
    examined
        The recording and what was measured on it.
    """
    recording, result = examined.recording, examined.result
    return plain(
        MeasureOut(
            recording=recording_out(recording),
            quality={one.channel: _quality(one, result.rest.get(one.channel)) for one in result.quality},
            measurements=list(_measurements(examined)),
            events=list(events_out(result.events, recording)),
            discharges=list(events_out(result.discharges, recording)),
            units=[_unit_out(unit, recording.name) for unit in result.units],
            warnings=list(dict.fromkeys((*recording.warnings, *result.warnings))),
            summary=result.summary,
            version=version("twitchwise"),
            notice=NOTICE,
            support={place.name: list(support_at(examined, place)) for place in places_of(examined)},
            published_ranges=[
                _range(one, library())
                for one in (*all_ranges(examined, library()), *movement_ranges(examined, library()))
            ],
        )
    )


def _range(beside: RangeBeside, known: Library) -> PublishedRangeOut:
    published = beside.published
    figures, span = published.figures, published.span
    return PublishedRangeOut(
        channel=beside.place,
        quantity=published.quantity,
        label=published.label,
        muscle=published.muscle,
        population=published.population.value,
        electrode=published.electrode,
        unit=published.unit.value,
        middle=published.middle,
        kind=None if figures.kind is None else figures.kind.value,
        low=None if span is None else span.low,
        high=None if span is None else span.high,
        ends=None if span is None else span.words,
        relative_to=None if published.relative_to is None else published.relative_to.value,
        people=published.people,
        recorded=published.recorded,
        caveat=published.caveat,
        sources=_sources((evidence.source for evidence in published.evidence), known),
    )


def plain(result: Out) -> Json:
    """Return a result as what JSON can hold, with null for what is not finite."""
    return cast("Json", _finite(msgspec.to_builtins(result, enc_hook=str)))


def _finite(value: object) -> object:
    """Return a value without NaN and infinity, which JSON has no word for but null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_finite(one) for one in value]
    return value


def _sources(sources: Iterable[str], library: Library) -> list[SourceOut]:
    return [SourceOut(id=one.id, title=one.title, url=one.url, doi=one.doi) for one in cite_all(sources, library)]


def _urgency_reason(reason: RuleReason, library: Library) -> UrgencyReasonOut:
    return UrgencyReasonOut(
        rule=reason.rule,
        because=reason.because,
        source=next(iter(reason.sources), None),
        label=reason.label,
        level=reason.level.word,
        findings=list(reason.findings),
        differs_from=list(reason.differs_from),
        sources=_sources(reason.sources, library),
    )


def _estimate(probability: Probability) -> Estimate:
    return Estimate(value=probability.value, low=probability.low, high=probability.high)


def _cause(cause: Cause, library: Library) -> CauseOut:
    return CauseOut(
        id=cause.id,
        label=cause.label,
        probability=_estimate(cause.probability),
        reasons=[_cause_reason(weight, library) for weight in cause.reasons],
        kind=cause.kind.value,
        on_its_own=_estimate(cause.on_its_own),
    )


def _cause_reason(weight: Weight, library: Library) -> CauseReasonOut:
    return CauseReasonOut(
        finding=weight.finding,
        state=weight.state.value,
        weight=Estimate(value=weight.ratio, low=weight.low, high=weight.high),
        counted=weight.counted,
        because=weight.sentence,
        sources=_sources(weight.sources, library),
    )


def _separation(separation: Separation) -> SeparationOut:
    return SeparationOut(
        decided=separation.decided,
        leading=list(separation.leading),
        together=list(separation.together),
        because=separation.because,
    )


def _would_change(one: WhatIf) -> WouldChangeOut:
    return WouldChangeOut(finding=one.finding, level=one.level.word, rule=one.rule, because=one.because)


def _for_the_doctor(told: ForTheDoctor) -> ForTheDoctorOut:
    return ForTheDoctorOut(present=list(told.present), absent=list(told.absent))


def _not_covered(rest: NotCovered) -> NotCoveredOut:
    return NotCoveredOut(probability=_estimate(rest.probability), because=rest.because)


def _case(case: Case) -> CaseOut:
    return CaseOut(
        setting=case.setting.value,
        age_years=case.age_years,
        sex=None if case.sex is None else case.sex.value,
        findings={
            name: seen.state.value if seen.value is None else seen.value
            for name, seen in sorted(case.observations.items())
        },
    )


def _measurements(examined: ExaminedRecording) -> Iterator[MeasurementOut]:
    for measurement in examined.result.measurements:
        yield _measurement(measurement, examined.recording.name)


def _measurement(measurement: Measurement, recording: str) -> MeasurementOut:
    return MeasurementOut(
        id=measurement.id,
        value=measurement.value,
        unit=measurement.unit.value,
        low=measurement.low,
        high=measurement.high,
        channel=measurement.channel,
        method=measurement.method,
        doubts=list(measurement.doubts),
        recording=recording,
    )


def recording_out(recording: "Recording") -> RecordingOut:
    """Return what a recording is, without its samples."""
    return RecordingOut(
        name=recording.name,
        format=recording.format,
        duration_s=recording.duration_s,
        start=None if recording.start is None else recording.start.isoformat(),
        channels=[_channel(channel) for channel in recording.channels],
        notes=list(recording.notes),
    )


def _channel(channel: "Channel") -> ChannelOut:
    return ChannelOut(
        name=channel.name,
        kind=channel.kind.value,
        unit=channel.unit.value,
        sampling_rate_hz=channel.sampling_rate_hz,
        n_samples=channel.n_samples,
        electrode=channel.electrode.value,
        site=channel.site,
        side=None if channel.side is None else channel.side.value,
    )


def _quality(quality: "ChannelQuality", rest: "Intervals | None") -> QualityOut:
    return QualityOut(
        usable=quality.usable,
        reason=quality.reason,
        sampling_rate_hz=quality.sampling_rate_hz,
        duration_s=quality.duration_s,
        unit=quality.unit.value,
        noise_rms=quality.noise_rms,
        drift=quality.drift,
        clipped_share=quality.clipped_share,
        flat_share=quality.flat_share,
        missing_share=quality.missing_share,
        mains_share=quality.mains_share,
        mains_hz=quality.mains_hz,
        rest_s=None if rest is None else rest.duration_s,
        rest=None if rest is None else list(rest.spans),
        statements=list(quality.statements),
    )


def _unit_out(unit: "UnitMeasurements", recording: str) -> UnitOut:
    return UnitOut(
        channel=unit.channel,
        unit=str(unit.unit),
        discharges=unit.discharges,
        fasciculations=unit.fasciculations,
        measurements=[_measurement(one, recording) for one in unit.measurements],
        place_m=unit.place_m,
        place_error_m=unit.place_error_m,
        territory_m2=unit.territory_m2,
    )


def events_out(trains: "Iterable[EventTrain]", recording: "Recording") -> Iterator[EventOut]:
    """Give every event with the unit of its channel."""
    for train in trains:
        for event in train:
            unit = recording.unit_of(event.channel)
            yield EventOut(
                kind=event.kind.value,
                channel=event.channel,
                start_s=event.start_s,
                peak_s=event.peak_s,
                end_s=event.end_s,
                peak_v=event.peak if unit is Unit.VOLT else None,
                peak=event.peak,
                peak_unit=unit.value,
                unit=None if event.unit is None else str(event.unit),
                probability=event.probability,
                place_px=None if event.place is None else list(event.place),
            )
