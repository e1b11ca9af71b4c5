"""What an HTTP/2 answer says in gRPC's terms (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_to_bytes

from grpc import StatusCode

from sift_runtime._retry_info import DETAILS_TRAILER, retry_after_text

__all__ = ["GrpcAnswer"]

_BY_NUMBER: Final = {str(code.value[0]): code for code in StatusCode}
# https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
_BY_HTTP_STATUS: Final = {
    400: StatusCode.INTERNAL,
    401: StatusCode.UNAUTHENTICATED,
    403: StatusCode.PERMISSION_DENIED,
    404: StatusCode.UNIMPLEMENTED,
    429: StatusCode.UNAVAILABLE,
    502: StatusCode.UNAVAILABLE,
    503: StatusCode.UNAVAILABLE,
    504: StatusCode.UNAVAILABLE,
}


@dataclass(slots=True)
class GrpcAnswer:
    """Header and trailer lines of one answer, as they come in."""

    http_status: int = 0
    fields: dict[str, str] = field(default_factory=dict)

    def take(self, line: bytes) -> bool:
        """Take one line; returns True where it is clear that nothing more that is sent will be accepted.

        A status line begins the answer anew, as after 1xx.
        """
        text = line.decode("latin-1").strip()
        if text.startswith("HTTP/"):
            version, *rest = text.split()
            # HTTP/1.1 is what a proxy says to CONNECT; libcurl tells what was wrong with that.
            self.http_status = int(rest[0]) if version == "HTTP/2" and rest and rest[0].isdecimal() else 0
            self.fields.clear()
            return False
        name, colon, value = text.partition(":")
        if colon:
            self.fields[name.strip().lower()] = value.strip()
        return not text and (self.http_status >= 300 or self.fields.get("grpc-status", "0") != "0")

    @property
    def is_decided(self) -> bool:
        """Whether the server gave a status: gRPC's, in trailers or instead of them, or an HTTP error."""
        return "grpc-status" in self.fields or self.http_status >= 300

    def retry_after(self) -> float | None:
        """Return the seconds that the server asks to wait."""
        return retry_after_text(self.fields.get(DETAILS_TRAILER, ""))

    def status(self) -> tuple[StatusCode, str]:
        """Return the gRPC status and its words; an answer of something else than gRPC is never OK."""
        content_type = self.fields.get("content-type", "none")
        if self.http_status != 200:
            code = _BY_HTTP_STATUS.get(self.http_status, StatusCode.UNKNOWN)
            return code, f"HTTP status {self.http_status}, content-type {content_type}: no gRPC server answered"
        if not content_type.startswith("application/grpc"):
            return StatusCode.UNKNOWN, f"content-type {content_type}: no gRPC server answered"
        number = self.fields.get("grpc-status")
        if number is None:
            return StatusCode.INTERNAL, "the answer ended without a grpc-status"
        message = unquote_to_bytes(self.fields.get("grpc-message", "").encode("latin-1")).decode("utf-8", "replace")
        known = _BY_NUMBER.get(number)
        return (StatusCode.UNKNOWN, f"grpc-status {number}: {message}") if known is None else (known, message)
