"""Addresses of the settings of intake: the forms and what was sent through them."""

from django.urls import path

from . import intake_review_views, intake_views

_FORM = "settings/intake-forms/<uuid:form>/"
_SENT = "settings/intake-forms/submissions/"
_ONE = f"{_SENT}<uuid:submission>/"

urlpatterns = [
    path("settings/intake-forms/", intake_views.intake_forms, name="intake_forms"),
    path("settings/intake-forms/new/", intake_views.intake_form_new, name="intake_form_new"),
    path("settings/intake-forms/return/<uuid:step>/", intake_views.intake_form_return, name="intake_form_return"),
    path(_FORM, intake_views.intake_form, name="intake_form"),
    path(f"{_FORM}preview/", intake_views.intake_form_preview, name="intake_form_preview"),
    path(f"{_FORM}copy/", intake_views.intake_form_copy, name="intake_form_copy"),
    path(f"{_FORM}default/", intake_views.intake_form_default, name="intake_form_default"),
    path(f"{_FORM}removal/", intake_views.intake_form_removal, name="intake_form_removal"),
    path(_SENT, intake_review_views.intake_submissions, name="intake_submissions"),
    path(_ONE, intake_review_views.intake_submission, name="intake_submission"),
    path(f"{_ONE}acceptance/", intake_review_views.intake_acceptance, name="intake_acceptance"),
    path(f"{_ONE}merge/<uuid:account>/", intake_review_views.intake_merge, name="intake_merge"),
    path(f"{_ONE}rejection/", intake_review_views.intake_rejection, name="intake_rejection"),
    path(f"{_ONE}reopening/", intake_review_views.intake_reopening, name="intake_reopening"),
]
