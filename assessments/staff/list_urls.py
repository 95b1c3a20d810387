from django.urls import path

from . import list_views

urlpatterns = [
    path("assessments/", list_views.all_assessments, name="assessments"),
    path("assessments.csv", list_views.all_assessments_csv, name="assessments_csv"),
    path("assessments/links/", list_views.assessment_links, name="assessment_links"),
    path("assessments/due-date/", list_views.assessments_due_date, name="assessments_due_date"),
    path("assessments/reminders/", list_views.assessments_reminders, name="assessments_reminders"),
]
