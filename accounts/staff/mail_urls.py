"""What the portal writes to people: email templates, and what oneself is told."""

from django.urls import path

from . import email_template_views as templates
from . import notification_views as notifications

_TEMPLATE = "settings/email-templates/<str:kind>/<slug:language>/"

urlpatterns = [
    path("settings/email-templates/", templates.email_template_list, name="email_templates"),
    path("settings/email-templates/return/<uuid:step>/", templates.email_template_return, name="email_template_return"),
    path(_TEMPLATE, templates.email_template, name="email_template"),
    path(f"{_TEMPLATE}activation/", templates.email_template_activation, name="email_template_activation"),
    path(f"{_TEMPLATE}deactivation/", templates.email_template_deactivation, name="email_template_deactivation"),
    path(f"{_TEMPLATE}reset/", templates.email_template_reset, name="email_template_reset"),
    path(f"{_TEMPLATE}test/", templates.email_template_test, name="email_template_test"),
    path(f"{_TEMPLATE}check/", templates.email_template_check, name="email_template_check"),
    path(f"{_TEMPLATE}preview/", templates.email_template_preview, name="email_template_preview"),
    path("notifications/", notifications.notification_list, name="notifications"),
    path("notifications/reading/", notifications.notifications_reading, name="notifications_reading"),
    path("notifications/reading/undo/", notifications.notifications_undo, name="notifications_undo"),
    path("notifications/choices/", notifications.notification_choices, name="notification_choices"),
    path("notifications/<uuid:notification>/", notifications.notification, name="notification"),
    path("notifications/<uuid:notification>/reading/", notifications.notification_reading, name="notification_reading"),
]
