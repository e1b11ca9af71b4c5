"""List calls: filter, order, and pages with tokens."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from google.protobuf.message import Message

from sift_receiver._errors import FilterError
from sift_receiver._filter import Filter
from sift_receiver._filter_model import Fields
from sift_receiver._identifiers import invalid

__all__ = ["Listing", "Page", "PageRequest"]

_Record = TypeVar("_Record")
_Message = TypeVar("_Message", bound=Message)

_DEFAULT_PAGE = 50
_LARGEST_PAGE = 1000
# sift_py receives at most 4 MiB in one message; a page ends before that, as long as it has one element.
_PAGE_BYTES = 3 << 20


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What every list request carries; `scope` is what else the answer depends on (such as the config of flows)."""

    size: int
    token: str
    filter: str
    order_by: str = ""
    scope: str = ""

    @property
    def digest(self) -> str:
        """Recognises the query that a token belongs to."""
        text = json.dumps([self.filter, self.order_by, self.scope])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def limit(self) -> int:
        """The number of elements to return at most: 50 if the client names none, never above 1000."""
        return min(self.size or _DEFAULT_PAGE, _LARGEST_PAGE)


@dataclass(frozen=True, slots=True)
class Page(Generic[_Message]):
    """One page; the token is empty on the last one."""

    messages: list[_Message]
    next_token: str


@dataclass(frozen=True, slots=True)
class Listing(Generic[_Record, _Message]):
    """How one kind of record is listed. Records are never deleted, so a token can name the last one that was sent."""

    known_fields: Collection[str]
    fields: Callable[[_Record], Fields]
    message: Callable[[_Record], _Message]
    identify: Callable[[_Record], str]
    whole: bool = False
    """Whether a page has no other end than that of a message: sift_py, given a token here, asks for ever."""

    def page(self, records: Sequence[_Record], request: PageRequest) -> Page[_Message]:
        """Answer one list request; raises INVALID_ARGUMENT for a bad filter, order or token."""
        try:
            condition = Filter(request.filter, self.known_fields)
            ordered = self._ordered(records, request.order_by)
            matching = (record for record in self._after(ordered, request) if condition.accepts(self.fields(record)))
            return self._fill(matching, request)
        except FilterError as error:
            raise invalid(f"{error}; the filter was {request.filter!r}") from error

    def _fill(self, matching: Iterable[_Record], request: PageRequest) -> Page[_Message]:
        messages: list[_Message] = []
        size, last = 0, ""
        for record in matching:
            message = self.message(record)
            size += message.ByteSize()
            if messages and ((len(messages) >= request.limit and not self.whole) or size > _PAGE_BYTES):
                return Page(messages, _token(request, last))
            messages.append(message)
            last = self.identify(record)
        return Page(messages, "")

    def _ordered(self, records: Sequence[_Record], order_by: str) -> Sequence[_Record]:
        ordered = list(records)
        for part in reversed([part.split() for part in order_by.split(",") if part.strip()]):
            if part[0] not in self.known_fields or part[1:] not in ([], ["asc"], ["desc"]):
                raise invalid(f"order_by {order_by!r}: expected `FIELD [asc|desc], …` with a field of this list call")
            ordered.sort(key=self._order_key(part[0]), reverse=part[1:] == ["desc"])
        return ordered

    def _order_key(self, field: str) -> Callable[[_Record], tuple[bool, Any]]:
        def key(record: _Record) -> tuple[bool, Any]:
            value = self.fields(record)[field]
            if isinstance(value, (tuple, Mapping)):
                return True, str(value)
            return value is not None, 0 if value is None else value

        return key

    def _after(self, records: Sequence[_Record], request: PageRequest) -> Sequence[_Record]:
        if not request.token:
            return records
        last = _last_identifier(request)
        for position, record in enumerate(records):
            if self.identify(record) == last:
                return records[position + 1 :]
        raise invalid("the page token names an element that is not in this list: start again without a token")


def _token(request: PageRequest, last: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([request.digest, last]).encode()).decode()


def _last_identifier(request: PageRequest) -> str:
    try:
        digest, last = json.loads(base64.urlsafe_b64decode(request.token.encode()))
    except (ValueError, TypeError) as error:
        raise invalid("the page token was not made by this receiver: start again without a token") from error
    if digest != request.digest:
        raise invalid("the page token belongs to another query: filter and order must stay the same between pages")
    return str(last)
