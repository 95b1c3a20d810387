from django.urls import path

from . import review

urlpatterns = [
    path("accounts/<uuid:account>/assessments/<uuid:assessment>/", review.assessment, name="assessment"),
    path("accounts/<uuid:account>/assessments/<uuid:assessment>/release/", review.release, name="release"),
    path("accounts/<uuid:account>/assessments/<uuid:assessment>/reopening/", review.reopening, name="reopening"),
]
