from django.urls import path

from . import account_views, people_views, preview_views, saved_view_views, settings_views

urlpatterns = [
    path("accounts/", account_views.account_list, name="accounts"),
    path("accounts/new/", account_views.account_new, name="account_new"),
    path("accounts/<uuid:account>/facts/", account_views.account_edit, name="account_edit"),
    path("accounts/<uuid:account>/sites/new/", account_views.site_new, name="site_new"),
    path("accounts/<uuid:account>/people/", people_views.people, name="people"),
    path("accounts/<uuid:account>/people/new/", people_views.person_new, name="person_new"),
    path("accounts/<uuid:account>/people/<uuid:membership>/", people_views.person, name="person"),
    path(
        "accounts/<uuid:account>/people/<uuid:membership>/removal/", people_views.person_removal, name="person_removal"
    ),
    path(
        "accounts/<uuid:account>/people/<uuid:membership>/invitation/",
        people_views.person_invitation,
        name="person_invitation",
    ),
    path("views/<slug:place>/new/", saved_view_views.saved_view_new, name="saved_view_new"),
    path("views/<uuid:view>/removal/", saved_view_views.saved_view_removal, name="saved_view_removal"),
    path("settings/", settings_views.settings, name="settings"),
    path("accounts/<uuid:account>/preview/", preview_views.preview, name="preview"),
]
