"""What creating, updating and stopping does to a run, by the rules Sift documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from google.protobuf.duration_pb2 import Duration

from sift_receiver._identifiers import already_exists, invalid, new_identifier
from sift_receiver._records import RunRecord
from sift_receiver._timestamps import NANOS_PER_SECOND, now_nanoseconds, timestamp_message, timestamp_nanoseconds
from sift_receiver._update_masks import apply_mask
from sift_runtime.messages import runs_pb2 as runs

__all__ = ["associated_run", "check_run", "new_adhoc_run", "new_run", "stopped_run", "updated_run", "with_duration"]


def new_run(request: runs.CreateRunRequest) -> runs.Run:
    """Make the run of a create request."""
    now = timestamp_message(now_nanoseconds())
    run = runs.Run(
        run_id=new_identifier(),
        created_date=now,
        modified_date=now,
        organization_id=request.organization_id,
        name=request.name,
        description=request.description,
        tags=request.tags,
        metadata=request.metadata,
    )
    if request.HasField("start_time"):
        run.start_time.CopyFrom(request.start_time)
    if request.HasField("stop_time"):
        run.stop_time.CopyFrom(request.stop_time)
    if request.client_key:
        run.client_key = request.client_key
    return with_duration(run)


def new_adhoc_run(request: runs.CreateAdhocRunRequest) -> runs.Run:
    """Make the run of a stretch of time that has passed, of these assets."""
    create = runs.CreateRunRequest(
        name=request.name,
        description=request.description,
        tags=request.tags,
        start_time=request.start_time if request.HasField("start_time") else None,
        stop_time=request.stop_time if request.HasField("stop_time") else None,
        client_key=request.client_key,
        metadata=request.metadata,
    )
    run = new_run(create)
    run.is_adhoc = True
    run.asset_ids.extend(request.asset_ids)
    return run


def associated_run(current: runs.Run, asset_ids: Iterable[str]) -> runs.Run:
    """Have a run belong to assets, too."""
    run = _copy(current)
    run.asset_ids.extend(asset_id for asset_id in asset_ids if asset_id not in run.asset_ids)
    return run


def updated_run(current: runs.Run, request: runs.UpdateRunRequest) -> runs.Run:
    """Apply an update request; the mask names what changes."""
    run = _copy(current)
    apply_mask(request.update_mask, _UPDATES, run, request.run)
    return with_duration(run)


def stopped_run(current: runs.Run) -> runs.Run:
    """Stop a run now. Stopping twice keeps the first time; a run without a start gets no stop time."""
    run = _copy(current)
    if not run.is_stopped:
        run.is_stopped = True
        run.stopped_date.CopyFrom(run.modified_date)
    now_after_start = run.HasField("start_time") and (
        timestamp_nanoseconds(run.start_time) <= timestamp_nanoseconds(run.modified_date)
    )
    if now_after_start and not run.HasField("stop_time"):
        run.stop_time.CopyFrom(run.modified_date)
    return with_duration(run)


def check_run(run: runs.Run, holder: RunRecord | None) -> None:
    """Refuse times that contradict each other, and a client key whose `holder` is another run."""
    if holder is not None and holder.message.run_id != run.run_id:
        raise already_exists(f"a run with client key {run.client_key!r} already exists")
    if not run.name:
        raise invalid("a run needs a name")
    if run.HasField("stop_time") and not run.HasField("start_time"):
        raise invalid(f"run {run.name!r}: stop_time needs a start_time")
    if run.HasField("stop_time") and timestamp_nanoseconds(run.stop_time) < timestamp_nanoseconds(run.start_time):
        raise invalid(f"run {run.name!r}: stop_time lies before start_time")


def _copy(current: runs.Run) -> runs.Run:
    run = runs.Run()
    run.CopyFrom(current)
    run.modified_date.CopyFrom(timestamp_message(now_nanoseconds()))
    return run


def with_duration(run: runs.Run) -> runs.Run:
    """Set the duration of a run by its times."""
    run.ClearField("duration")
    if run.HasField("start_time") and run.HasField("stop_time"):
        length = timestamp_nanoseconds(run.stop_time) - timestamp_nanoseconds(run.start_time)
        seconds, nanos = divmod(length, NANOS_PER_SECOND)
        run.duration.CopyFrom(Duration(seconds=seconds, nanos=nanos))
    return run


def _update_scalar(field: str) -> Callable[[runs.Run, runs.Run], None]:
    return lambda target, source: setattr(target, field, getattr(source, field))


def _update_message(field: Literal["start_time", "stop_time"]) -> Callable[[runs.Run, runs.Run], None]:
    def update(target: runs.Run, source: runs.Run) -> None:
        target.ClearField(field)
        if source.HasField(field):
            getattr(target, field).CopyFrom(getattr(source, field))

    return update


def _update_repeated(field: Literal["tags", "metadata"]) -> Callable[[runs.Run, runs.Run], None]:
    def update(target: runs.Run, source: runs.Run) -> None:
        target.ClearField(field)
        getattr(target, field).extend(getattr(source, field))

    return update


def _update_client_key(target: runs.Run, source: runs.Run) -> None:
    if target.client_key and target.client_key != source.client_key:
        raise invalid(f"run {target.name!r} has client key {target.client_key!r}, which can be set only once")
    if source.client_key:
        target.client_key = source.client_key


def _update_is_archived(target: runs.Run, source: runs.Run) -> None:
    target.is_archived = source.is_archived
    if not source.is_archived:
        target.ClearField("archived_date")
    elif not target.HasField("archived_date"):
        target.archived_date.CopyFrom(target.modified_date)


_UPDATES: Mapping[str, Callable[[runs.Run, runs.Run], None]] = {
    "name": _update_scalar("name"),
    "description": _update_scalar("description"),
    "is_pinned": _update_scalar("is_pinned"),
    "start_time": _update_message("start_time"),
    "stop_time": _update_message("stop_time"),
    "tags": _update_repeated("tags"),
    "metadata": _update_repeated("metadata"),
    "client_key": _update_client_key,
    "is_archived": _update_is_archived,
}
