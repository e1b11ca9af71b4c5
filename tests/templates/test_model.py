"""The model that templates are given: documented to the last field, and of one shape for each version."""

from __future__ import annotations

import json

from sift_codegen._user_templates import MODEL_VERSION
from tests.templates.model_page import PAGE, VERSIONS, page_with_tables, shape


def test_the_page_has_every_class_and_field() -> None:
    text = PAGE.read_text("utf-8")
    assert "#### TelemetryData" in text
    assert "#### PackageModel" in text
    assert text == page_with_tables(text), "run make golden"


def test_a_model_of_another_shape_has_another_version() -> None:
    versions = json.loads(VERSIONS.read_text("utf-8"))
    assert versions.get(str(MODEL_VERSION)) == shape(), (
        "the shape of what templates are given has changed: raise MODEL_VERSION, run make golden, and say in the "
        "changelog what templates have to change"
    )
