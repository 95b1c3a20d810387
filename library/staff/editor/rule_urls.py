"""Addresses of what decides and counts in a draft: conditions, scores, samples, recommendations."""

from django.urls import path

from . import condition_views, recommendation_views, reference_views, sample_views, scoring_views

_DRAFT = "library/<uuid:definition>/draft/"

urlpatterns = [
    path(f"{_DRAFT}conditions/<str:kind>/<str:key>/<str:field>/", condition_views.condition, name="condition"),
    path(
        f"{_DRAFT}recommendations/<str:kind>/<str:key>/", recommendation_views.recommendations, name="recommendations"
    ),
    path(f"{_DRAFT}scoring/", scoring_views.scoring, name="scoring"),
    path(f"{_DRAFT}scoring/beginning/", scoring_views.scoring_beginning, name="scoring_beginning"),
    path(f"{_DRAFT}scoring/reference-values/", reference_views.reference_values, name="reference_values"),
    path(f"{_DRAFT}scoring/weights/", scoring_views.weights, name="weights"),
    path(f"{_DRAFT}scores/", scoring_views.scores, name="scores"),
    path(f"{_DRAFT}scores/<str:key>/", scoring_views.score, name="score"),
    path(f"{_DRAFT}scores/<str:key>/copy/", scoring_views.score_copy, name="score_copy"),
    path(f"{_DRAFT}scores/<str:key>/removal/", scoring_views.score_removal, name="score_removal"),
    path(f"{_DRAFT}samples/", sample_views.samples, name="samples"),
    path(f"{_DRAFT}samples/<str:key>/", sample_views.sample, name="sample"),
    path(f"{_DRAFT}samples/<str:key>/copy/", sample_views.sample_copy, name="sample_copy"),
    path(f"{_DRAFT}samples/<str:key>/removal/", sample_views.sample_removal, name="sample_removal"),
    path(f"{_DRAFT}samples/<str:key>/answers/<str:question>/", sample_views.sample_answer, name="sample_answer"),
    path(f"{_DRAFT}samples/<str:key>/filling/", sample_views.sample_filling, name="sample_filling"),
    path(f"{_DRAFT}samples/<str:key>/scores/<str:score>/", sample_views.sample_explanation, name="sample_explanation"),
    path(
        f"{_DRAFT}samples/<str:key>/questions/<str:question>/",
        sample_views.sample_question,
        name="sample_question",
    ),
]
