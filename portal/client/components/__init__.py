"""The catalogue of Home: what it can show, one module for each thing it is about.

A new component is one `dashboards.component(Component(...))` in a module here, a template in
templates/portal/client/components/, and the module's name below. Its `content` takes the Dashboard and returns the
template's words, None when there is nothing to draw; it starts, as every read does, from `.visible_to(board.viewer)`.
"""

from . import announcements, assessments, findings, library, people, reports, scores  # noqa: F401
