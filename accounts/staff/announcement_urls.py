from django.urls import path

from . import announcement_views as views

urlpatterns = [
    path("settings/announcements/", views.announcements, name="announcements"),
    path("settings/announcements/new/", views.announcement_new, name="announcement_new"),
    path("settings/announcements/<uuid:announcement>/", views.announcement, name="announcement"),
    path("settings/announcements/<uuid:announcement>/end/", views.announcement_end, name="announcement_end"),
    path(
        "settings/announcements/<uuid:announcement>/end/<uuid:step>/return/",
        views.announcement_resumption,
        name="announcement_resumption",
    ),
    path(
        "settings/announcements/<uuid:announcement>/removal/", views.announcement_removal, name="announcement_removal"
    ),
    path(
        "settings/announcements/<uuid:announcement>/return/",
        views.announcement_restoration,
        name="announcement_restoration",
    ),
    path("accounts/<uuid:account>/announcements/new/", views.account_announcement_new, name="account_announcement_new"),
    path(
        "accounts/<uuid:account>/announcements/<uuid:announcement>/",
        views.account_announcement,
        name="account_announcement",
    ),
    path(
        "accounts/<uuid:account>/announcements/<uuid:announcement>/end/",
        views.account_announcement_end,
        name="account_announcement_end",
    ),
    path(
        "accounts/<uuid:account>/announcements/<uuid:announcement>/end/<uuid:step>/return/",
        views.account_announcement_resumption,
        name="account_announcement_resumption",
    ),
    path(
        "accounts/<uuid:account>/announcements/<uuid:announcement>/removal/",
        views.account_announcement_removal,
        name="account_announcement_removal",
    ),
    path(
        "accounts/<uuid:account>/announcements/<uuid:announcement>/return/",
        views.account_announcement_restoration,
        name="account_announcement_restoration",
    ),
]
