"""Runs, as flight code asks for them: attached, detached and stopped without waiting for the network."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from sift_runtime._errors import SettingsError
from sift_runtime._flow import Flow
from sift_runtime._lifecycle import Lifecycle
from sift_runtime._registration import RunMetadata, RunRequest
from sift_runtime._requirements import require_text
from sift_runtime._shown import shown

__all__ = ["RunControl"]

F = TypeVar("F", bound=Flow)

_LONGEST_NAME: Final = 1000  # bytes: it stands in every segment's header


class RunControl(Lifecycle[F]):
    """A lifecycle whose flows may belong to runs."""

    def attach_run(  # noqa: PLR0913  # each says something of the run
        self,
        name: str = "",
        *,
        run_id: str = "",
        client_key: str = "",
        description: str = "",
        tags: Sequence[str] = (),
        metadata: RunMetadata | None = None,
        force_new: bool = False,
    ) -> None:
        """Have all that is tracked from now on belong to a run: of this `run_id`, this `client_key` or this `name`.

        Returns at once, also without a network. The run is looked for when the server can be reached, by its client key
        where one is given and else by its name, and created if there is none, or always with `force_new`; what is
        tracked meanwhile gets its id then. `description`, `tags` and `metadata` (text, numbers and bools) go to a run
        that is created; one that is there stays as it is. Raises SettingsError unless it is clear which run is meant,
        and SdkClosedError after close().
        """
        _require_one_run(name, run_id, client_key, force_new=force_new)
        if isinstance(tags, str):
            raise SettingsError(f"attach_run(tags) is the text {tags!r}; give a list of texts, such as [{tags!r}]")
        for setting, value in (
            ("name", name),
            ("run_id", run_id),
            ("client_key", client_key),
            ("description", description),
            *(("tags", tag) for tag in tags),
        ):
            require_text(f"attach_run({setting})", value)
        _require_short(name=name, run_id=run_id, client_key=client_key)
        kept = _checked(metadata or {})
        if self._idle:
            self._wake("attach_run")
        if run_id:
            self._machinery.attach_run(run_id)
            return
        run = RunRequest(
            name=name or client_key,
            client_key=client_key or RunRequest.new_key(),
            is_own_key=bool(client_key),
            force_new=force_new,
            description=description,
            tags=tuple(tags),
            metadata=kept,
        )
        self._machinery.attach_run(run)

    def detach_run(self) -> None:
        """Have what is tracked from now on belong to no run; raises SdkClosedError after close()."""
        if self._idle:
            self._wake("detach_run")
        self._machinery.attach_run("")

    def stop_run(self) -> None:
        """Detach the run, and tell the server that it is over once all that was tracked for it is settled.

        Returns at once, also without a network; flush() and close() wait for it. Raises SettingsError where no run is
        attached, and SdkClosedError after close().
        """
        if self._idle:
            self._wake("stop_run")
        if not self._machinery.stop_run():
            raise SettingsError("stop_run(): no run is attached; see attach_run()")


def _require_one_run(name: str, run_id: str, client_key: str, *, force_new: bool) -> None:
    given = f"attach_run(name={name!r}, run_id={run_id!r}, client_key={client_key!r})"
    if bool(run_id) == bool(name or client_key):
        raise SettingsError(f"{given}: give a name or a client key, or else an id")
    if client_key and force_new:
        raise SettingsError(f"{given}: a client key has one run only, so that force_new cannot make another")


def _require_short(**texts: str) -> None:
    for setting, text in texts.items():
        size = len(text.encode())
        if size > _LONGEST_NAME:
            raise SettingsError(f"attach_run({setting}) takes {size} bytes; {_LONGEST_NAME} is the limit")


def _checked(metadata: RunMetadata) -> RunMetadata:
    if not isinstance(metadata, Mapping):
        raise SettingsError(f"attach_run(metadata) is {shown(metadata)}; it must map names to values")
    for name, value in metadata.items():
        require_text("attach_run(metadata)", name)
        if isinstance(value, str):
            require_text(f"attach_run(metadata[{name!r}])", value)
        elif not _is_number(value):
            what = f"attach_run(metadata[{name!r}]) is {shown(value)}"
            raise SettingsError(f"{what}; it must be text, a finite number or a bool")
    return dict(metadata)


def _is_number(value: object) -> bool:
    try:
        return isinstance(value, (bool, int, float)) and math.isfinite(value)
    except OverflowError:  # an integer beyond any float
        return False
