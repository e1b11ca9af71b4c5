"""A server that speaks what the runtime speaks, keeps what it got, and fails the way a test tells it to."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Self

import grpc
from google.protobuf.message import Message

from sift_runtime.messages import assets_pb2 as assets
from sift_runtime.messages import ingest_pb2 as ingest
from sift_runtime.messages import ingestion_configs_pb2 as configs
from sift_runtime.messages import runs_pb2 as runs

from .waiting import DEADLINE

__all__ = ["Answer", "ScriptedServer", "Stream"]

_INGEST = "IngestWithConfigDataStream"


@dataclass(frozen=True)
class Answer:
    """How one call ends: with this status, after `read` messages (None: all of them), or held until released."""

    code: grpc.StatusCode = grpc.StatusCode.OK
    details: str = ""
    read: int | None = None
    held: bool = False
    done: bool = False  # whether a unary call has done its work all the same
    retry_info: bytes = b""  # the trailer grpc-status-details-bin
    also: Callable[[], object] = lambda: None  # done before the answer, in the middle of the call


@dataclass
class Stream:
    """One client stream: the messages that were read of it, as they came, and whether it got an OK."""

    messages: list[bytes] = field(default_factory=list)
    acknowledged: bool = False
    user_agent: str = ""


class ScriptedServer:
    """Answers in order what was scripted for a method, and correctly when nothing is."""

    def __init__(self, *, port: int = 0, key: str = "key", credentials: grpc.ServerCredentials | None = None) -> None:
        self.key = key
        self.configs: dict[str, configs.IngestionConfig] = {}
        self.flows: dict[str, list[configs.FlowConfig]] = {}
        self.page_size = 1000
        self.calls: list[str] = []
        self.headers: list[dict[str, Any]] = []
        self.peers: dict[str, set[str]] = {}
        """The connections that each method was called on."""
        self.seconds_given: dict[str, float | None] = {}
        self.filters: list[str] = []
        self.streams: list[Stream] = []
        self.refuses: Callable[[ingest.IngestWithConfigDataStreamRequest], bool] = lambda _: False
        """Whether a stream with this message in it is refused with `verdict`."""
        self.verdict = grpc.StatusCode.INVALID_ARGUMENT
        self.verdict_words = "channel 3 is a lie"
        self.runs: list[runs.Run] = []
        self.organization = ""
        """Whose the assets are; each is called by its id."""
        self.names_configs = True
        """Whether a config that is created gets an id."""
        self._script: dict[str, deque[Answer]] = {}
        self._changed = threading.Condition()
        self._released = threading.Event()
        # Without probing it grants no more than is read, so that what it has not read has not left the client.
        options = [("grpc.so_reuseport", 0), ("grpc.http2.bdp_probe", 0)]
        self._server = grpc.server(ThreadPoolExecutor(8), options=options)
        self._server.add_generic_rpc_handlers(tuple(self._services()))
        address = f"127.0.0.1:{port}"
        if credentials is None:
            self.port = self._server.add_insecure_port(address)
        else:
            self.port = self._server.add_secure_port(address, credentials)
        self._server.start()

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self.release()
        self._server.stop(None).wait()

    def script(self, method: str, *answers: Answer) -> None:
        self._script.setdefault(method, deque()).extend(answers)

    def unscript(self, method: str) -> None:
        """Answer correctly from now on."""
        self._script.pop(method, None)

    def script_ingest(self, *answers: Answer) -> None:
        self.script(_INGEST, *answers)

    def release(self) -> None:
        """Let go of everything that is held."""
        self._released.set()

    def wait_for_release(self) -> None:
        """Hang until everything that is held is let go of."""
        self._released.wait(DEADLINE)

    def wait_for(self, condition: Callable[[], object]) -> None:
        """Wait for something that a call changes."""
        with self._changed:
            assert self._changed.wait_for(condition, DEADLINE), f"it never came to hold; calls: {self.calls}"

    def wait_for_call(self, method: str, times: int = 1) -> None:
        self.wait_for(lambda: self.calls.count(method) >= times)

    def wait_for_read(self, messages: int, stream: int = 0) -> None:
        self.wait_for(lambda: len(self.streams) > stream and len(self.streams[stream].messages) >= messages)

    @property
    def acknowledged(self) -> list[ingest.IngestWithConfigDataStreamRequest]:
        """What all acknowledged streams carried, in order."""
        raw = [message for stream in self.streams if stream.acknowledged for message in stream.messages]
        return [ingest.IngestWithConfigDataStreamRequest.FromString(message) for message in raw]

    def _services(self) -> Iterator[grpc.GenericRpcHandler]:
        unary: dict[str, tuple[Callable[[Any], Any], Any]] = {
            "ListIngestionConfigs": (self._list, configs.ListIngestionConfigsRequest),
            "CreateIngestionConfig": (self._create, configs.CreateIngestionConfigRequest),
            "ListIngestionConfigFlows": (self._list_flows, configs.ListIngestionConfigFlowsRequest),
            "CreateIngestionConfigFlows": (self._create_flows, configs.CreateIngestionConfigFlowsRequest),
        }
        handlers = {name: self._unary(name, work, kind) for name, (work, kind) in unary.items()}
        yield grpc.method_handlers_generic_handler("sift.ingestion_configs.v2.IngestionConfigService", handlers)
        asset = self._unary("GetAsset", self._asset, assets.GetAssetRequest)
        yield grpc.method_handlers_generic_handler("sift.assets.v1.AssetService", {"GetAsset": asset})
        served: dict[str, tuple[Callable[[Any], Any], Any]] = {
            "ListRuns": (self._list_runs, runs.ListRunsRequest),
            "CreateRun": (self._create_run, runs.CreateRunRequest),
            "StopRun": (self._stop_run, runs.StopRunRequest),
        }
        handlers = {name: self._unary(name, work, kind) for name, (work, kind) in served.items()}
        yield grpc.method_handlers_generic_handler("sift.runs.v2.RunService", handlers)
        handlers = {_INGEST: grpc.stream_unary_rpc_method_handler(self._ingest)}
        yield grpc.method_handlers_generic_handler("sift.ingest.v1.IngestService", handlers)

    def _unary(self, name: str, work: Callable[[Any], Any], kind: Any) -> grpc.RpcMethodHandler[Any, Any]:
        def handle(request: Any, context: grpc.ServicerContext) -> Any:
            answer = self._begin(name, context)
            if answer.done:
                work(request)
            self._end(answer, context)
            with self._changed:
                self._changed.notify_all()
                try:
                    return work(request)
                except _StatusError as error:
                    context.abort(error.code, str(error))

        return grpc.unary_unary_rpc_method_handler(
            handle,
            request_deserializer=kind.FromString,
            response_serializer=_serialized,
        )

    def _begin(self, name: str, context: grpc.ServicerContext) -> Answer:
        metadata = dict(context.invocation_metadata())
        with self._changed:
            self.calls.append(name)
            self.headers.append(metadata)
            self.peers.setdefault(name, set()).add(context.peer())
            self.seconds_given[name] = context.time_remaining()
            self._changed.notify_all()
            script = self._script.get(name)
            answer = script.popleft() if script else Answer()
        if metadata.get("authorization") != f"Bearer {self.key}":
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "no such key")
        return answer

    def _end(self, answer: Answer, context: grpc.ServicerContext) -> None:
        if answer.held:
            self._released.wait(DEADLINE)
        answer.also()
        if answer.retry_info:
            context.set_trailing_metadata((("grpc-status-details-bin", answer.retry_info),))
        if answer.code is not grpc.StatusCode.OK:
            context.abort(answer.code, answer.details)

    def _ingest(self, requests: Iterator[bytes], context: grpc.ServicerContext) -> bytes:
        answer = self._begin(_INGEST, context)
        stream = Stream(user_agent=str(dict(context.invocation_metadata())["user-agent"]))
        with self._changed:
            self.streams.append(stream)
        for message in islice(requests, answer.read):
            with self._changed:
                stream.messages.append(message)
                self._changed.notify_all()
        self._end(answer, context)
        if answer.read is None:
            self._check_ids(stream, context)
            self._judge(stream, context)
        with self._changed:
            stream.acknowledged = answer.read is None
            self._changed.notify_all()
        return b""

    def _judge(self, stream: Stream, context: grpc.ServicerContext) -> None:
        for message in stream.messages:
            if self.refuses(ingest.IngestWithConfigDataStreamRequest.FromString(message)):
                context.abort(self.verdict, self.verdict_words)

    def _check_ids(self, stream: Stream, context: grpc.ServicerContext) -> None:
        known = {config.ingestion_config_id for config in self.configs.values()}
        for message in stream.messages:
            config_id = ingest.IngestWithConfigDataStreamRequest.FromString(message).ingestion_config_id
            if config_id not in known:
                context.abort(grpc.StatusCode.NOT_FOUND, f"no ingestion config {config_id}")

    def _list(self, request: configs.ListIngestionConfigsRequest) -> configs.ListIngestionConfigsResponse:
        self.filters.append(request.filter)
        quoted = {'client_key == "' + _escaped(key) + '"': config for key, config in self.configs.items()}
        found = [quoted[request.filter]] if request.filter in quoted else []
        return configs.ListIngestionConfigsResponse(ingestion_configs=found[: request.page_size])

    def _asset(self, request: assets.GetAssetRequest) -> assets.GetAssetResponse:
        asset = assets.Asset(asset_id=request.asset_id, name=request.asset_id, organization_id=self.organization)
        return assets.GetAssetResponse(asset=asset)

    def _create(self, request: configs.CreateIngestionConfigRequest) -> configs.CreateIngestionConfigResponse:
        if request.client_key in self.configs:
            raise _StatusError(grpc.StatusCode.ALREADY_EXISTS, f"client key {request.client_key} exists")
        config_id = f"config-{len(self.flows) + 1}" if self.names_configs else ""
        config = configs.IngestionConfig(
            ingestion_config_id=config_id, asset_id=request.asset_name, client_key=request.client_key
        )
        self.configs[request.client_key] = config
        self.flows[config_id] = list(request.flows)
        return configs.CreateIngestionConfigResponse(ingestion_config=config)

    def _list_flows(self, request: configs.ListIngestionConfigFlowsRequest) -> configs.ListIngestionConfigFlowsResponse:
        first = int(request.page_token or 0)
        last = first + min(self.page_size, request.page_size)
        flows = [flow for flow in self.flows[request.ingestion_config_id] if _is_named(flow.name, request.filter)]
        token = str(last) if last < len(flows) else ""
        return configs.ListIngestionConfigFlowsResponse(flows=flows[first:last], next_page_token=token)

    def _create_flows(
        self, request: configs.CreateIngestionConfigFlowsRequest
    ) -> configs.CreateIngestionConfigFlowsResponse:
        flows = self.flows[request.ingestion_config_id]
        names = {flow.name for flow in flows}
        if any(flow.name in names for flow in request.flows):
            raise _StatusError(grpc.StatusCode.ALREADY_EXISTS, "flow exists")
        flows.extend(request.flows)
        return configs.CreateIngestionConfigFlowsResponse()

    def _list_runs(self, request: runs.ListRunsRequest) -> runs.ListRunsResponse:
        def matches(run: runs.Run) -> bool:
            return request.filter in (f'name == "{_escaped(run.name)}"', f'client_key == "{_escaped(run.client_key)}"')

        return runs.ListRunsResponse(runs=[run for run in self.runs if matches(run)][: request.page_size])

    def _create_run(self, request: runs.CreateRunRequest) -> runs.CreateRunResponse:
        if any(run.client_key == request.client_key for run in self.runs):
            raise _StatusError(grpc.StatusCode.ALREADY_EXISTS, f"client key {request.client_key} exists")
        run = runs.Run(run_id=f"run-{len(self.runs) + 1}", name=request.name, client_key=request.client_key)
        run.description = request.description
        run.tags.extend(request.tags)
        run.metadata.extend(request.metadata)
        self.runs.append(run)
        return runs.CreateRunResponse(run=run)

    def _stop_run(self, request: runs.StopRunRequest) -> runs.StopRunResponse:
        run = next((run for run in self.runs if run.run_id == request.run_id), None)
        if run is None:
            raise _StatusError(grpc.StatusCode.NOT_FOUND, f"no run {request.run_id}")
        run.is_stopped = True
        run.description = f"{len(self.acknowledged)} messages when it was stopped"
        return runs.StopRunResponse()


def _is_named(name: str, filter_text: str) -> bool:
    """Whether a filter on `flow_name` lets this name pass; it is the only one that is asked for."""
    if not filter_text:
        return True
    wanted = filter_text.removeprefix("flow_name in ")
    assert wanted != filter_text, filter_text
    return name in json.loads(wanted)


def _serialized(message: Message) -> bytes:
    return message.SerializeToString()


class _StatusError(Exception):
    def __init__(self, code: grpc.StatusCode, details: str) -> None:
        super().__init__(details)
        self.code = code


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
