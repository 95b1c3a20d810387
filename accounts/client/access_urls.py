from django.urls import path

from . import access_views

urlpatterns = [
    path("access/", access_views.review, name="access_review"),
    path("access.csv", access_views.review_csv, name="access_review_csv"),
    path("access/confirmation/", access_views.review_confirmation, name="access_review_confirmation"),
]
