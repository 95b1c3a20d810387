from django.urls import path

from . import comparison_views, findings_views

_RUN = "accounts/<uuid:account>/assessments/<uuid:assessment>/"
_FINDING = f"{_RUN}findings/<uuid:finding>/"

urlpatterns = [
    path(f"{_RUN}findings/", findings_views.run_findings, name="run_findings"),
    path(f"{_RUN}findings/new/", findings_views.finding_new, name="finding_new"),
    path(f"{_RUN}findings/states/", findings_views.finding_states, name="finding_states"),
    path(f"{_RUN}findings/undo/<uuid:change>/", findings_views.finding_undo, name="finding_undo"),
    path(f"{_RUN}findings/actions/undo/<uuid:change>/", findings_views.finding_action_undo, name="finding_action_undo"),
    path(_FINDING, findings_views.finding, name="finding"),
    path(f"{_FINDING}state/", findings_views.finding_state, name="finding_state"),
    path(f"{_FINDING}removal/", findings_views.finding_removal, name="finding_removal"),
    path(f"{_FINDING}actions/new/", findings_views.finding_action_new, name="finding_action_new"),
    path(f"{_FINDING}actions/<uuid:action>/", findings_views.finding_action, name="finding_action"),
    path(f"{_FINDING}actions/<uuid:action>/state/", findings_views.finding_action_state, name="finding_action_state"),
    path(
        f"{_FINDING}actions/<uuid:action>/removal/",
        findings_views.finding_action_removal,
        name="finding_action_removal",
    ),
    path(f"{_RUN}comparison/", comparison_views.run_comparison_page, name="run_comparison"),
    path("accounts/<uuid:account>/findings/", findings_views.account_findings, name="account_findings"),
    path("accounts/<uuid:account>/findings.csv", findings_views.account_findings_csv, name="account_findings_csv"),
]
