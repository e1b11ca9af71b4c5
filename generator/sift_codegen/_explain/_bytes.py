"""What some bytes say, by the flows of the configs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sift_codegen._explain._facts import BytesFacts, ProblemFacts, ValueFacts
from sift_codegen._explain._frames import Unit, units_of
from sift_codegen._explain._matching import Match, match_flow
from sift_codegen._explain._messages import Message
from sift_codegen._explain._named_values import named_value, unnamed_value, value_problems
from sift_codegen._explain._sources import KnownFlow

__all__ = ["explain_bytes"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NANOS: Final = 1_000_000_000


def explain_bytes(data: bytes, flows: Sequence[KnownFlow], given: str | None) -> Iterator[BytesFacts]:
    """Yield what each message in the bytes says; `given` is the name of their flow where the user knows it."""
    for unit in units_of(data):
        match = match_flow(unit.message, flows, given)
        yield _explained(unit, match, given)


def _explained(unit: Unit, match: Match, given: str | None) -> BytesFacts:
    message, known = unit.message, match.flow
    problems = [ProblemFacts(offset=each.offset, message=each.message) for each in message.problems]
    if match.problem and (message.values or not message.is_malformed):
        problems.append(ProblemFacts(offset=None, message=match.problem))
    named = message.texts.get("flow")
    if given is not None and named not in (None, given):
        problems.append(ProblemFacts(offset=None, message=f"the request names the flow {named!r}, not {given!r}"))
    if known is not None:
        problems += _misfits(message, known)
    return BytesFacts(
        what=_what(unit),
        offset=unit.offset,
        size=unit.size,
        config=known.home.path if known else None,
        flow=known.flow.name if known else named,
        flow_by=match.by,
        fields=_fields(message),
        values=tuple(_values(message, known)),
        problems=tuple(sorted(problems, key=_place)),
    )


def _place(problem: ProblemFacts) -> tuple[bool, int]:
    return problem.offset is None, problem.offset or 0


def _what(unit: Unit) -> str:
    if unit.is_frame:
        return "gRPC frame"
    return "request" if unit.message.is_request else "channel values"


def _values(message: Message, known: KnownFlow | None) -> Iterator[ValueFacts]:
    channels = len(known.flow.channels) if known else 0
    for index, value in enumerate(message.values):
        has_channel = known is not None and index < channels
        yield named_value(value, index, known) if known and has_channel else unnamed_value(value, index)


def _misfits(message: Message, known: KnownFlow) -> Iterator[ProblemFacts]:
    channels = known.flow.channels
    if len(message.values) != len(channels) and not message.is_malformed:
        what = f"values: {len(message.values)}; channels of flow {known.flow.name!r}: {len(channels)}"
        yield ProblemFacts(offset=None, message=what)
    for value, channel in zip(message.values, channels, strict=False):
        yield from value_problems(value, channel)


def _fields(message: Message) -> dict[str, object]:
    """Return what a request says beside its values, in the order of its fields."""
    names = ("ingestion_config_id", "flow", "timestamp", "run_id", "organization_id")
    fields: dict[str, object] = {**message.texts}
    if message.has_timestamp:
        fields["timestamp"] = _time(message.seconds, message.nanos)
    ordered = {name: fields[name] for name in names if name in fields}
    if message.end_stream_on_validation_error:
        ordered["end_stream_on_validation_error"] = True
    return ordered


def _time(seconds: int, nanos: int) -> str:
    """Return a time by the calendar; one that no calendar has as the numbers it is."""
    try:
        moment = _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return f"{seconds} seconds and {nanos} nanoseconds since 1970"
    if not 0 <= nanos < _NANOS:
        return f"{seconds} seconds and {nanos} nanoseconds since 1970"
    return f"{moment.isoformat()[:19]}.{nanos:09d}Z"
