"""sift.tags.v2.TagService. A tag that is created is one for annotations."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from sift_receiver._catalogue_writing import write_tag
from sift_receiver._filter_model import Fields, Timestamp
from sift_receiver._identifiers import already_exists, invalid, new_identifier
from sift_receiver._paging import Listing, PageRequest
from sift_receiver._records import TagRecord
from sift_receiver._rpc import Handler, unary_handler
from sift_receiver._store import Store
from sift_receiver._tag_kinds import tags_of_kind
from sift_receiver._timestamps import now_nanoseconds, timestamp_message, timestamp_nanoseconds
from sift_runtime.messages import tags_pb2 as tags

__all__ = ["TAG_SERVICE", "tag_handlers"]

TAG_SERVICE = "sift.tags.v2.TagService"


def _fields(record: TagRecord) -> Fields:
    tag = record.message
    return {
        "tag_id": tag.tag_id,
        "name": tag.name,
        "created_date": Timestamp(timestamp_nanoseconds(tag.created_date)),
        "created_by_user_id": tag.created_by_user_id,
    }


_TAGS: Listing[TagRecord, tags.Tag] = Listing(
    frozenset({"tag_id", "name", "created_date", "created_by_user_id"}),
    _fields,
    lambda record: record.message,
    lambda record: record.message.tag_id,
)


def tag_handlers(store: Store) -> dict[str, Handler]:
    """Serve tags from this store."""
    service = _TagService(store)
    return {
        "CreateTag": unary_handler(tags.CreateTagRequest, service.create),
        "ListTags": unary_handler(tags.ListTagsRequest, service.list),
    }


class _TagService:
    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, request: tags.CreateTagRequest) -> tags.CreateTagResponse:
        if not request.name:
            raise invalid("a tag needs a name")

        def prepare(connection: duckdb.DuckDBPyConnection) -> Callable[[], tags.Tag]:
            if self._store.rules.tag_named(request.name):
                raise already_exists(f"tag {request.name!r} already exists")
            now = timestamp_message(now_nanoseconds())
            record = TagRecord(tags.Tag(tag_id=new_identifier(), name=request.name, created_date=now))
            write_tag(connection, self._store.tables, record)

            def publish() -> tags.Tag:
                self._store.rules.publish_tag(record)
                return record.message

            return publish

        return tags.CreateTagResponse(tag=self._store.change(prepare))

    def list(self, request: tags.ListTagsRequest) -> tags.ListTagsResponse:
        query = PageRequest(request.page_size, request.page_token, request.filter, request.order_by)
        page = _TAGS.page(tags_of_kind(self._store, request.tag_type), query)
        return tags.ListTagsResponse(tags=page.messages, next_page_token=page.next_token)
