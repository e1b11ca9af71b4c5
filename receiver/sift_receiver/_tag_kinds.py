"""Tags by what they stand at: those of annotations are created; those of assets and runs are there by being used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from google.protobuf.timestamp_pb2 import Timestamp

from sift_receiver._records import TagRecord
from sift_receiver._store import Store
from sift_receiver._tag_ids import tag_id_of
from sift_runtime.messages import tags_pb2 as tags

__all__ = ["tag_of_kind", "tags_of_kind"]


def tags_of_kind(store: Store, kind: tags.TagType.ValueType) -> list[TagRecord]:
    """List the tags of a kind; of no kind in particular, all."""
    found: list[TagRecord] = []
    if kind in (tags.TAG_TYPE_UNSPECIFIED, tags.TAG_TYPE_ANNOTATION):
        found += store.rules.tags()
    if kind in (tags.TAG_TYPE_UNSPECIFIED, tags.TAG_TYPE_ASSET):
        assets = (record.message for record in store.catalogue.assets())
        found += _used(((asset.created_date, asset.tags) for asset in assets), tags.TAG_TYPE_ASSET)
    if kind in (tags.TAG_TYPE_UNSPECIFIED, tags.TAG_TYPE_RUN):
        runs = (record.message for record in store.catalogue.runs())
        found += _used(((run.created_date, run.tags) for run in runs), tags.TAG_TYPE_RUN)
    return found


def tag_of_kind(store: Store, kind: tags.TagType.ValueType, tag_id: str) -> TagRecord | None:
    """Find a tag of a kind by its id."""
    return next((record for record in tags_of_kind(store, kind) if record.message.tag_id == tag_id), None)


def _used(users: Iterable[tuple[Timestamp, Iterable[str]]], kind: tags.TagType.ValueType) -> Iterator[TagRecord]:
    """Yield a tag for each name, with an id that is always the same, as old as the oldest that it stands at."""
    oldest: dict[str, Timestamp] = {}
    for created, names in users:
        for name in names:
            known = oldest.setdefault(name, created)
            oldest[name] = min(known, created, key=Timestamp.ToNanoseconds)
    for name, created in sorted(oldest.items()):
        yield TagRecord(tags.Tag(tag_id=tag_id_of(kind, name), name=name, created_date=created))
