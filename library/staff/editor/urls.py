"""Addresses of the editor: a definition's draft, part by part."""

from django.urls import path

from . import views as editor_views

_DRAFT = "library/<uuid:definition>/draft/"

urlpatterns = [
    path("library/new/", editor_views.definition_new, name="definition_new"),
    path(_DRAFT, editor_views.editor, name="editor"),
    path(f"{_DRAFT}beginning/", editor_views.draft_start, name="draft_start"),
    path(f"{_DRAFT}state/", editor_views.draft_state, name="draft_state"),
    path(f"{_DRAFT}parts/", editor_views.draft_addition, name="draft_addition"),
    path(f"{_DRAFT}copies/", editor_views.draft_copy, name="draft_copy"),
    path(f"{_DRAFT}places/", editor_views.draft_place, name="draft_place"),
    path(f"{_DRAFT}removals/", editor_views.draft_part_removal, name="draft_part_removal"),
    path(f"{_DRAFT}shared-answers/", editor_views.draft_sharing, name="draft_sharing"),
    path(f"{_DRAFT}changes/<uuid:change>/undo/", editor_views.draft_undo, name="draft_undo"),
]
