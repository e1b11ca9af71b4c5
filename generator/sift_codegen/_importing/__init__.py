"""Telemetry configs made of what other tools have: CAN databases (DBC) and CSV files."""

from __future__ import annotations

from sift_codegen._importing._csv import CsvRequest, import_csv
from sift_codegen._importing._dbc import DbcRequest, import_dbc
from sift_codegen._importing._imported import Imported, ImportingError
from sift_codegen._importing._preview import preview

__all__ = ["CsvRequest", "DbcRequest", "Imported", "ImportingError", "import_csv", "import_dbc", "preview"]
