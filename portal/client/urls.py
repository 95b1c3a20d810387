from django.urls import path

from . import activity_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("activity/", activity_views.activity, name="activity"),
    path("library/", views.library, name="library"),
    path("library/<uuid:definition>/", views.library_card, name="library_card"),
]
