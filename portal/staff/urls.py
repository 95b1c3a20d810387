from django.urls import path

from . import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("overview.csv", views.overview_csv, name="overview_csv"),
    path("accounts/<uuid:account>/", views.account_overview, name="account_overview"),
]
