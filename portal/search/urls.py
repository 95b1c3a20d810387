from django.urls import path

from . import client_providers, staff_providers, views  # noqa: F401  (the providers register themselves)

client = [path("search/", views.client_search, name="search")]
staff = [path("search/", views.staff_search, name="search")]
