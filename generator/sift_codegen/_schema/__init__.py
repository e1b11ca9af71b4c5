"""JSON Schemas for the files that people write, so that editors complete and check them."""

from __future__ import annotations

from sift_codegen._schema._documents import DOCUMENTS, modeline, schema_of, schema_text
from sift_codegen._schema._write import write_schema

__all__ = ["DOCUMENTS", "modeline", "schema_of", "schema_text", "write_schema"]
