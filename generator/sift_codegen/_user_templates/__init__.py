"""Templates of the user's: they override ours by name, or add files to the package."""

from __future__ import annotations

from sift_codegen._user_templates._build import template_data
from sift_codegen._user_templates._errors import TemplateError, told
from sift_codegen._user_templates._filters import FILTERS
from sift_codegen._user_templates._model import MODEL_VERSION, TelemetryData
from sift_codegen._user_templates._templates import AddedFile, UserTemplates, open_templates

__all__ = [
    "FILTERS",
    "MODEL_VERSION",
    "AddedFile",
    "TelemetryData",
    "TemplateError",
    "UserTemplates",
    "open_templates",
    "template_data",
    "told",
]
