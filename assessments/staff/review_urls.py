from django.urls import path

from . import clarifications, explanations, notes, on_behalf, review, steps, upgrades, verdicts

RUN = "accounts/<uuid:account>/assessments/<uuid:assessment>/"
urlpatterns = [
    path(RUN, review.assessment, name="assessment"),
    path(f"{RUN}answers/<str:key>/", on_behalf.answer_on_behalf, name="answer_on_behalf"),
    path(f"{RUN}answers/<str:key>/history/", review.answer_history, name="answer_history"),
    path(f"{RUN}files/<uuid:upload>/", review.upload, name="upload"),
    path(f"{RUN}upgrade/", upgrades.assessment_upgrade, name="assessment_upgrade"),
    path(f"{RUN}scores/<str:score>/", explanations.explanation, name="explanation"),
    path(
        f"{RUN}scores/<str:score>/questions/<str:question>/",
        explanations.answer_explanation,
        name="answer_explanation",
    ),
    path(f"{RUN}review/", verdicts.run_review, name="run_review"),
    path(f"{RUN}review/rule/", verdicts.review_rule, name="review_rule"),
    path(f"{RUN}review/answers/<str:key>/", verdicts.verdict, name="verdict"),
    path(f"{RUN}review/answers/<str:key>/clarification/", clarifications.clarification, name="clarification"),
    path(
        f"{RUN}review/clarifications/<uuid:clarification>/resolution/",
        clarifications.clarification_resolution,
        name="clarification_resolution",
    ),
    path(f"{RUN}review/sections/<str:section>/acceptance/", verdicts.section_acceptance, name="section_acceptance"),
    path(f"{RUN}review/notes/<str:section>/<str:kind>/", notes.note, name="note"),
    path(f"{RUN}set-up/", steps.run_setup, name="run_setup"),
    path(f"{RUN}submission/", steps.run_submission, name="run_submission"),
    path(f"{RUN}release/", steps.release, name="release"),
    path(f"{RUN}reopening/", steps.reopening, name="reopening"),
    path(f"{RUN}closing/", steps.closing, name="closing"),
    path(f"{RUN}deletion/", steps.deletion, name="deletion"),
    path(f"{RUN}restoration/", steps.restoration, name="restoration"),
]
