"""What is wrong with a template, and where: a line of the template, not of what runs it."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import jinja2

from sift_codegen._diagnostics import SiftCodegenError

__all__ = ["TemplateError", "told"]


class TemplateError(SiftCodegenError):
    """A template that cannot be read or rendered, or a folder of templates that cannot be used."""


@contextmanager
def told(template: str) -> Iterator[None]:
    """Raise a TemplateError, with file and line, for whatever goes wrong in a template."""
    try:
        yield
    except TemplateError as error:
        raise TemplateError(f"{_place(error, template)}: {error}") from error
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(f"{error.filename or template}:{error.lineno}: {error.message}") from error
    except jinja2.TemplateNotFound as error:
        raise TemplateError(f"{_place(error, template)}: there is no template {str(error)!r}") from error
    except jinja2.UndefinedError as error:
        raise TemplateError(f"{_place(error, template)}: {error.message}") from error
    except UnicodeDecodeError as error:
        raise TemplateError(f"{template}: is no UTF-8: {error}") from error
    except Exception as error:  # a template can do whatever an expression can: divide by zero, for one
        raise TemplateError(f"{_place(error, template)}: {type(error).__name__}: {error}") from error


def _place(error: Exception, template: str) -> str:
    """Return the innermost line of a template that led to an error."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else template
