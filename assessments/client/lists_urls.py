from django.urls import path

from . import launches, lists, setup

urlpatterns = [
    path("assessments/", lists.your_assessments, name="your_assessments"),
    path("assessments.csv", lists.your_assessments_csv, name="your_assessments_csv"),
    path("assessments/available/", lists.available, name="available"),
    path("assessments/available/<uuid:definition>/", lists.available_card, name="available_card"),
    path("assessments/available/<uuid:definition>/assessment/", launches.create_available, name="create_available"),
    path("assessments/<uuid:assessment>/set-up/", setup.edit_assessment, name="edit_assessment"),
    path("library/<uuid:definition>/launch/", launches.launch, name="launch"),
]
