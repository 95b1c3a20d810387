from django.urls import path

from . import account_views, definition_views, import_views

urlpatterns = [
    path("library/", definition_views.definitions, name="definitions"),
    path("library/import/", import_views.definition_import, name="definition_import"),
    path("library/<uuid:definition>/", definition_views.definition_page, name="definition"),
    path("library/<uuid:definition>/export/", definition_views.definition_export, name="definition_export"),
    path("library/<uuid:definition>/publication/", definition_views.publication, name="publication"),
    path("library/<uuid:definition>/deprecation/", definition_views.deprecation, name="deprecation"),
    path(
        "accounts/<uuid:account>/library/<uuid:definition>/assignment/",
        account_views.library_assignment,
        name="library_assignment",
    ),
    path(
        "accounts/<uuid:account>/library/<uuid:definition>/removal/",
        account_views.library_removal,
        name="library_removal",
    ),
]
