"""What a client is told in the portal, and how they want to hear of it."""

from django.urls import path

from . import notification_views as notifications

urlpatterns = [
    path("notifications/", notifications.notification_list, name="notifications"),
    path("notifications/reading/", notifications.notifications_reading, name="notifications_reading"),
    path("notifications/reading/undo/", notifications.notifications_undo, name="notifications_undo"),
    path("notifications/choices/", notifications.notification_choices, name="notification_choices"),
    path("notifications/<uuid:notification>/", notifications.notification, name="notification"),
    path("notifications/<uuid:notification>/reading/", notifications.notification_reading, name="notification_reading"),
]
