from django.urls import path

from . import account_import_views, audit_views, dashboard_views, views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("overview.csv", views.overview_csv, name="overview_csv"),
    path("accounts/import/", account_import_views.account_import, name="account_import"),
    path("accounts/import/template.csv", account_import_views.account_import_template, name="account_import_template"),
    path("accounts/imports/<uuid:proposed>/", account_import_views.account_import_plan, name="account_import_plan"),
    path(
        "accounts/imports/<uuid:proposed>/doing/",
        account_import_views.account_import_doing,
        name="account_import_doing",
    ),
    path(
        "accounts/imports/<uuid:proposed>/undoing/",
        account_import_views.account_import_undoing,
        name="account_import_undoing",
    ),
    path(
        "accounts/imports/<uuid:proposed>/discarding/",
        account_import_views.account_import_discarding,
        name="account_import_discarding",
    ),
    path("accounts/<uuid:account>/", views.account_overview, name="account_overview"),
    path("accounts/<uuid:account>/activity/", audit_views.account_activity, name="account_activity"),
    path("settings/audit/", audit_views.audit_log, name="audit_log"),
    path("settings/audit.csv", audit_views.audit_log_csv, name="audit_log_csv"),
    path("settings/audit/<uuid:entry>/", audit_views.audit_entry, name="audit_entry"),
    path("accounts/<uuid:account>/dashboard/", dashboard_views.dashboard, name="dashboard"),
    path(
        "accounts/<uuid:account>/dashboard/changes/<uuid:change>/undo/",
        dashboard_views.dashboard_undo,
        name="dashboard_undo",
    ),
    path(
        "accounts/<uuid:account>/dashboard/changes/<uuid:change>/return/",
        dashboard_views.dashboard_restoration,
        name="dashboard_restoration",
    ),
    path("settings/home/", dashboard_views.home_default, name="home_default"),
    path("settings/home/changes/<uuid:change>/undo/", dashboard_views.home_default_undo, name="home_default_undo"),
    path(
        "settings/home/changes/<uuid:change>/return/",
        dashboard_views.home_default_restoration,
        name="home_default_restoration",
    ),
]
