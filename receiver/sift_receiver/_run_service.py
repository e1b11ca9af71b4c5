"""sift.runs.v2.RunService."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sift_receiver._filter_fields import RUN_FIELDS
from sift_receiver._identifiers import found
from sift_receiver._paging import Listing, PageRequest
from sift_receiver._records import RunRecord
from sift_receiver._rpc import Handler, unary_handler
from sift_receiver._run_changes import associated_run, new_adhoc_run, new_run, stopped_run, updated_run
from sift_receiver._run_view import fields_of_view, save_run, view_of, views
from sift_receiver._store import Store
from sift_runtime.messages import runs_pb2 as runs

__all__ = ["RUN_SERVICE", "run_handlers"]

RUN_SERVICE = "sift.runs.v2.RunService"


def run_handlers(store: Store) -> dict[str, Handler]:
    """Serve runs from this store."""
    service = _RunService(store)
    return {
        "CreateRun": unary_handler(runs.CreateRunRequest, service.create),
        "CreateAdhocRun": unary_handler(runs.CreateAdhocRunRequest, service.create_adhoc),
        "CreateAutomaticRunAssociationForAssets": unary_handler(
            runs.CreateAutomaticRunAssociationForAssetsRequest, service.associate
        ),
        "GetRun": unary_handler(runs.GetRunRequest, service.get),
        "ListRuns": unary_handler(runs.ListRunsRequest, service.list),
        "UpdateRun": unary_handler(runs.UpdateRunRequest, service.update),
        "StopRun": unary_handler(runs.StopRunRequest, service.stop),
    }


class _RunService:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._listing: Listing[RunRecord, runs.Run] = Listing(
            RUN_FIELDS,
            partial(fields_of_view, store),
            lambda record: record.message,
            lambda record: record.message.run_id,
        )

    def create(self, request: runs.CreateRunRequest) -> runs.CreateRunResponse:
        return runs.CreateRunResponse(run=self._save(lambda: new_run(request)))

    def create_adhoc(self, request: runs.CreateAdhocRunRequest) -> runs.CreateAdhocRunResponse:
        for asset_id in request.asset_ids:
            found(self._store.catalogue.asset(asset_id), "asset", asset_id)
        return runs.CreateAdhocRunResponse(run=self._save(lambda: new_adhoc_run(request)))

    def associate(
        self, request: runs.CreateAutomaticRunAssociationForAssetsRequest
    ) -> runs.CreateAutomaticRunAssociationForAssetsResponse:
        catalogue = self._store.catalogue
        named = [found(catalogue.asset_named(name), "asset", name).message.asset_id for name in request.asset_names]
        self._save(lambda: associated_run(self._run(request.run_id), named))
        return runs.CreateAutomaticRunAssociationForAssetsResponse()

    def get(self, request: runs.GetRunRequest) -> runs.GetRunResponse:
        return runs.GetRunResponse(run=view_of(self._store, self._run(request.run_id)))

    def list(self, request: runs.ListRunsRequest) -> runs.ListRunsResponse:
        query = PageRequest(request.page_size, request.page_token, request.filter, request.order_by)
        page = self._listing.page(views(self._store), query)
        return runs.ListRunsResponse(runs=page.messages, next_page_token=page.next_token)

    def update(self, request: runs.UpdateRunRequest) -> runs.UpdateRunResponse:
        return runs.UpdateRunResponse(run=self._save(lambda: updated_run(self._run(request.run.run_id), request)))

    def stop(self, request: runs.StopRunRequest) -> runs.StopRunResponse:
        self._save(lambda: stopped_run(self._run(request.run_id)))
        return runs.StopRunResponse()

    def _run(self, run_id: str) -> runs.Run:
        return found(self._store.catalogue.run(run_id), "run", run_id).message

    def _save(self, make: Callable[[], runs.Run]) -> runs.Run:
        return save_run(self._store, make)
