from django.urls import path

from . import views

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("security/", views.security, name="security"),
    path("profile/sessions/end/", views.sessions_end, name="profile_sessions_end"),
]
