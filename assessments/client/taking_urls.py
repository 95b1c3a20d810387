from django.urls import path

from . import clarifications, explanations, results, sections, submission, taking, uploads

urlpatterns = [
    path("assessments/<uuid:assessment>/", taking.take, name="take"),
    path("assessments/<uuid:assessment>/questions/<str:key>/", taking.question, name="question"),
    path("assessments/<uuid:assessment>/questions/<str:key>/files/", uploads.files, name="files"),
    path("assessments/<uuid:assessment>/questions/<str:key>/evidence/", uploads.evidence, name="evidence"),
    path("assessments/<uuid:assessment>/questions/<str:key>/flag/", sections.flag, name="flag"),
    path("assessments/<uuid:assessment>/sections/<str:section>/", sections.section, name="section"),
    path("assessments/<uuid:assessment>/sections/<str:section>/ahead/", sections.ahead, name="ahead"),
    path(
        "assessments/<uuid:assessment>/sections/<str:section>/confirmation/",
        sections.confirmation,
        name="confirmation",
    ),
    path("assessments/<uuid:assessment>/presence/", sections.presence_of, name="presence"),
    path("assessments/<uuid:assessment>/files/<uuid:upload>/", uploads.upload, name="upload"),
    path("assessments/<uuid:assessment>/files/<uuid:upload>/removal/", uploads.upload_removal, name="upload_removal"),
    path(
        "assessments/<uuid:assessment>/files/<uuid:upload>/restoration/",
        uploads.upload_restoration,
        name="upload_restoration",
    ),
    path("assessments/<uuid:assessment>/review/", submission.review, name="review"),
    path("assessments/<uuid:assessment>/submission/", submission.submission, name="submission"),
    path("assessments/<uuid:assessment>/submitted/", submission.submitted, name="submitted"),
    path("assessments/<uuid:assessment>/pause/", submission.pause, name="pause"),
    path(
        "assessments/<uuid:assessment>/clarifications/<uuid:clarification>/",
        clarifications.clarification,
        name="clarification",
    ),
    path("assessments/<uuid:assessment>/results/", results.results, name="results"),
    path("assessments/<uuid:assessment>/results/scores/<str:score>/", explanations.explanation, name="explanation"),
    path(
        "assessments/<uuid:assessment>/results/scores/<str:score>/questions/<str:question>/",
        explanations.answer_explanation,
        name="answer_explanation",
    ),
]
