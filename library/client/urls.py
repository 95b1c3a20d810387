"""What clients do about the Library itself. Its pages say how far an account is with each assessment, and this app knows
of none: they stand in portal.client, above both.
"""

from django.urls import path

from . import access_views

urlpatterns = [
    path("assessments/available/<uuid:definition>/request/", access_views.access_request, name="access_request"),
]
