from django.urls import path

from . import results, submission, taking

urlpatterns = [
    path("assessments/<uuid:assessment>/", taking.take, name="take"),
    path("assessments/<uuid:assessment>/questions/<str:key>/", taking.question, name="question"),
    path("assessments/<uuid:assessment>/review/", submission.review, name="review"),
    path("assessments/<uuid:assessment>/submission/", submission.submission, name="submission"),
    path("assessments/<uuid:assessment>/submitted/", submission.submitted, name="submitted"),
    path("assessments/<uuid:assessment>/results/", results.results, name="results"),
]
