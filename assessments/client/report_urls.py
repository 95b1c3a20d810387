from django.urls import path

from . import report_views

urlpatterns = [
    path("reports/", report_views.reports, name="reports"),
    path("reports/<uuid:report>/", report_views.report, name="report"),
    path("reports/<uuid:report>/file.<str:ending>", report_views.report_file, name="report_file"),
]
