"""The thread that registers the package, sends batches and tries again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from grpc import StatusCode

from sift_runtime._backoff import Backoff
from sift_runtime._delivery.delivery import Delivery, StoppedError
from sift_runtime._errors import ConnectTimeoutError, RegistrationError, RequestError
from sift_runtime._frames import FrameBytes, with_config_id
from sift_runtime._generation import Generation
from sift_runtime._link import Link
from sift_runtime._origin import Origin
from sift_runtime._schema import Telemetry
from sift_runtime._spool.spool import Spool
from sift_runtime._stats import State
from sift_runtime._status import CREDENTIALS, REFUSED, TRANSIENT

__all__ = ["Sender", "Shipment"]

_log: Final = logging.getLogger("sift_runtime")
_HOLD_SECONDS: Final = 30.0  # between tries with a key that was refused: often enough to notice, no hammering
_STOP_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Shipment:
    """What is sent and where to: the package, the run its flows belong to, and how a link to the server is made."""

    telemetry: Telemetry[Any]
    run_id: str
    open_link: Callable[[], Link]


class Sender:
    """Takes batches off a queue until it is stopped; what it could not deliver stays queued."""

    def __init__(self, spool: Spool, shipment: Shipment) -> None:
        """Start nothing yet."""
        self._spool = spool
        self._shipment = shipment
        self._state = spool.changed  # the queue's lock, not one more: see FrameQueue
        self._ended = False
        self._stopping = threading.Event()
        self._backoff = Backoff()
        self._link: Link | None = None
        self._config_id: str | None = None
        self._refusal: RegistrationError | RequestError | None = None
        self.state: State = "registering"
        self.restarts = 0
        self.last_request_error: RegistrationError | RequestError | None = None
        self._thread = threading.Thread(target=self._run, name="sift-sender", daemon=True)

    def start(self) -> None:
        """Begin to register and send, in the background."""
        self._thread.start()

    def wait_until_registered(self, timeout: float | None) -> None:
        """Return once registered; raises what refused it, or ConnectTimeoutError."""
        with self._state:
            longest = timeout if timeout is None else min(timeout, threading.TIMEOUT_MAX)
            done = self._state.wait_for(self._is_decided, longest)
            if self._config_id is not None:
                return
            if self._refusal is not None:
                raise self._refusal
        last = f"; the last try said: {self.last_request_error}" if self.last_request_error else ""
        waited = f"within {timeout:g} s" if not done and timeout is not None else "before the sender stopped"
        raise ConnectTimeoutError(f"not registered {waited}{last}")

    def _is_decided(self) -> bool:
        return self._config_id is not None or self._refusal is not None or self._stopping.is_set()

    def stop(self) -> None:
        """End the thread; a call that is under way is cancelled.

        Gives up after a while: a signal's handler may have interrupted code that holds what the thread needs to end,
        for example a lock of the logging module.
        """
        self._let_everybody_go()
        with self._state:
            link = self._link
        if link is not None:
            link.close()
        if self._thread.is_alive():
            with self._state:
                ended = self._state.wait_for(lambda: self._ended, _STOP_SECONDS)
            if ended:
                self._thread.join()

    def _run(self) -> None:
        try:
            link = self._opened()
            delivery = Delivery(self._spool, self._attempt, self._hold)
            while not self._stopping.is_set():
                if self._config_id is None:
                    self._register(link)
                elif batch := self._spool.take():
                    delivery.deliver(batch)
        except StoppedError:
            pass
        except Exception as error:  # noqa: BLE001  # a defect of ours: say so loudly, the queue keeps what is in it
            _log.critical("the sender has stopped, nothing more is sent by this Sdk", exc_info=error)
            self._let_everybody_go()
        finally:
            with self._state:
                self._ended = True
                self._state.notify_all()

    def _let_everybody_go(self) -> None:
        """End every wait, for registration and for the queue: nothing will come of it any more."""
        self._stopping.set()
        with self._state:
            self._state.notify_all()
        self._spool.close()

    def _opened(self) -> Link:
        """Open the link in this thread, as gRPC does not survive a fork that comes after; stop() closes it."""
        with self._state:
            link = self._link = self._shipment.open_link()
            if self._stopping.is_set():  # stop() came first and has seen no link
                link.close()
            return link

    def _register(self, link: Link) -> None:
        try:
            config_id = link.registrar.register()
        except RegistrationError as error:
            _log.error("registration refused, data is held: %s", error)
            self._refuse(error)
            self._stopping.wait()
        except RequestError as error:
            self._wait_after(error, "registration")
        else:
            self._backoff.reset()
            origin = self._spool.generation.origin
            if config_id != origin.config_id:
                generation = Generation.of(self._shipment.telemetry, replace(origin, config_id=config_id))
                self._spool.begin_generation(generation)
            with self._state:
                self._config_id = config_id
                self._refusal = None
                self._state.notify_all()

    def _attempt(self, frames: memoryview, origin: Origin, count: int) -> RequestError | None:
        """Ship until the server has judged; see Attempt. A retry sends the same bytes."""
        what = f"a batch of {count} flows"
        registered_again = False
        while not self._stopping.is_set():
            try:
                self._opened_link().transport.ship(self._completed(frames, origin))
            except RequestError as error:
                if error.code is StatusCode.NOT_FOUND:
                    if registered_again:  # a server that never knows what it has just registered is not to be hammered
                        self._wait_after(error, what)
                    registered_again = True
                    self._register_again(self._opened_link(), error)
                elif error.code in REFUSED:
                    self._note(error)
                    self._backoff.reset()  # it is there, and it answers
                    return error
                else:
                    self._wait_after(error, what)
            else:
                self._backoff.reset()
                return None
        raise StoppedError

    def _completed(self, frames: memoryview, origin: Origin) -> FrameBytes:
        """Return frames for the ingestion config as it is now; those of another client key stay as they are."""
        is_ours = origin.client_key == self._shipment.telemetry.client_key
        if not is_ours or self._config_id is None or origin.config_id == self._config_id:
            return frames
        return with_config_id(frames, self._config_id)

    def _hold(self, error: RequestError, count: int) -> None:
        """Wait where the server refuses whatever it is sent."""
        _log.error("the server refuses all of %d flows, which are held: is it the schema? %s", count, error)
        self._stopping.wait(_HOLD_SECONDS)
        if self._stopping.is_set():
            raise StoppedError

    def _opened_link(self) -> Link:
        assert self._link is not None, "the thread opens it first"  # noqa: S101
        return self._link

    def _register_again(self, link: Link, error: RequestError) -> None:
        """Register anew on a server that has forgotten the config."""
        self._note(error)
        _log.warning("the server does not know the ingestion config any more, registering again: %s", error)
        self._forget_registration()
        while self._config_id is None and not self._stopping.is_set():
            self._register(link)

    def _forget_registration(self) -> None:
        with self._state:
            self._config_id = None

    def _wait_after(self, error: RequestError, what: str) -> None:
        """Wait as long as this failure asks for; stopping ends the wait."""
        if self._stopping.is_set():
            return
        first = self._note(error)
        self._spool.count_retry()
        pause = self._backoff.next_seconds()
        if error.code in TRANSIENT:
            if first:
                _log.warning("%s failed, trying again: %s", what, error)
            self._stopping.wait(pause)
            return
        if first:
            until = "until the key is accepted" if error.code in CREDENTIALS else "and tried again slowly"
            _log.error("%s refused, data is held %s: %s", what, until, error)
        self._refuse(error)
        self._stopping.wait(_HOLD_SECONDS)

    def _note(self, error: RequestError) -> bool:
        """Keep an error for the user; returns True if it is the first of its kind in a row."""
        last, self.last_request_error = self.last_request_error, error
        same = isinstance(last, RequestError) and (last.method, last.code) == (error.method, error.code)
        return not same or self._backoff.tries == 0

    def _refuse(self, error: RegistrationError | RequestError) -> None:
        self.last_request_error = error
        with self._state:
            if self._config_id is None:
                self._refusal = error
            self._state.notify_all()
