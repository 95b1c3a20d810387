from django.urls import path

from . import explanations, review, upgrades

urlpatterns = [
    path("accounts/<uuid:account>/assessments/<uuid:assessment>/", review.assessment, name="assessment"),
    path("accounts/<uuid:account>/assessments/<uuid:assessment>/files/<uuid:upload>/", review.upload, name="upload"),
    path(
        "accounts/<uuid:account>/assessments/<uuid:assessment>/upgrade/",
        upgrades.assessment_upgrade,
        name="assessment_upgrade",
    ),
    path(
        "accounts/<uuid:account>/assessments/<uuid:assessment>/scores/<str:score>/",
        explanations.explanation,
        name="explanation",
    ),
    path(
        "accounts/<uuid:account>/assessments/<uuid:assessment>/scores/<str:score>/questions/<str:question>/",
        explanations.answer_explanation,
        name="answer_explanation",
    ),
    path("accounts/<uuid:account>/assessments/<uuid:assessment>/release/", review.release, name="release"),
    path("accounts/<uuid:account>/assessments/<uuid:assessment>/reopening/", review.reopening, name="reopening"),
]
