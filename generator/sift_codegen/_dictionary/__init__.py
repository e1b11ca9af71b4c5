"""The channel dictionary: what a config says, as one page for people who have never seen the config."""

from __future__ import annotations

from sift_codegen._dictionary._build import build_dictionary
from sift_codegen._dictionary._markdown import markdown_words
from sift_codegen._dictionary._pages import PageFormat, render_dictionary
from sift_codegen._dictionary._write_page import write_page

__all__ = ["PageFormat", "build_dictionary", "markdown_words", "render_dictionary", "write_page"]
