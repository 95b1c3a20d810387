from django.urls import path

from . import (
    access_views,
    account_views,
    children_views,
    definition_views,
    export_views,
    import_views,
    life_cycle_views,
    many_accounts_views,
    settings_views,
    shelf_views,
    trial_views,
)
from .editor import rule_urls
from .editor import urls as editor_urls

urlpatterns = [
    path("accounts/library/", many_accounts_views.accounts_library, name="accounts_library"),
    *rule_urls.urlpatterns,
    *editor_urls.urlpatterns,
    path("settings/library/", settings_views.library_settings, name="library_settings"),
    path("library/", definition_views.definitions, name="definitions"),
    path("library/import/", import_views.definition_import, name="definition_import"),
    path("library/import/template.<str:ending>", import_views.template, name="import_template"),
    path("library/imports/<uuid:proposed>/", import_views.report, name="import_report"),
    path("library/imports/<uuid:proposed>/report.csv", import_views.report_csv, name="import_report_csv"),
    path("library/imports/<uuid:proposed>/draft/", import_views.commitment, name="import_commitment"),
    path("library/imports/<uuid:proposed>/removal/", import_views.discarding, name="import_discarding"),
    path("library/<uuid:definition>/", definition_views.definition_page, name="definition"),
    path("library/<uuid:definition>/exports/", export_views.definition_exports, name="definition_exports"),
    path("library/<uuid:definition>/export/", export_views.definition_export, name="definition_export"),
    path("library/<uuid:definition>/comparison/", definition_views.definition_comparison, name="definition_comparison"),
    path("library/<uuid:definition>/position/", shelf_views.definition_position, name="definition_position"),
    path("library/<uuid:definition>/submission/", life_cycle_views.submission, name="submission"),
    path("library/<uuid:definition>/return/", life_cycle_views.submission_return, name="submission_return"),
    path("library/<uuid:definition>/publication/", life_cycle_views.publication, name="publication"),
    path("library/<uuid:definition>/deprecation/", life_cycle_views.deprecation, name="deprecation"),
    path("library/<uuid:definition>/republication/", life_cycle_views.republication, name="republication"),
    path("library/<uuid:definition>/removal/", life_cycle_views.draft_removal, name="draft_removal"),
    path("library/<uuid:definition>/copy/", life_cycle_views.definition_copy, name="definition_copy"),
    path("library/<uuid:definition>/children/", children_views.children, name="children"),
    path("library/<uuid:definition>/children/<uuid:child>/weight/", children_views.child_weight, name="child_weight"),
    path(
        "library/<uuid:definition>/children/<uuid:child>/position/",
        children_views.child_position,
        name="child_position",
    ),
    path(
        "library/<uuid:definition>/children/<uuid:child>/removal/", children_views.child_removal, name="child_removal"
    ),
    path("library/<uuid:definition>/trial/", trial_views.definition_trial, name="trial"),
    path("library/<uuid:definition>/preview-links/", trial_views.definition_preview_links, name="preview_links"),
    path(
        "library/<uuid:definition>/preview-links/<uuid:link>/revocation/",
        trial_views.preview_link_revocation,
        name="preview_link_revocation",
    ),
    path(
        "library/<uuid:definition>/preview-links/<uuid:link>/return/<uuid:step>/",
        trial_views.preview_link_return,
        name="preview_link_return",
    ),
    path("library/groups/", shelf_views.definition_groups, name="groups"),
    path("library/groups/<uuid:group>/name/", shelf_views.group_name, name="group_name"),
    path("library/groups/<uuid:group>/position/", shelf_views.group_position, name="group_position"),
    path("library/groups/<uuid:group>/removal/", shelf_views.group_removal, name="group_removal"),
    path("accounts/<uuid:account>/library/", access_views.account_library, name="account_library"),
    path("accounts/<uuid:account>/library/group/", access_views.library_group, name="library_group"),
    path(
        "accounts/<uuid:account>/library/restoration/<uuid:batch>/",
        access_views.library_restoration,
        name="library_restoration",
    ),
    path("accounts/<uuid:account>/library/<uuid:definition>/", access_views.library_switch, name="library_switch"),
    path(
        "accounts/<uuid:account>/library/<uuid:definition>/audience/",
        access_views.library_audience,
        name="library_audience",
    ),
    path("accounts/<uuid:account>/access/<uuid:asked>/grant/", access_views.access_grant, name="access_grant"),
    path("accounts/<uuid:account>/access/<uuid:asked>/refusal/", access_views.access_refusal, name="access_refusal"),
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
