from django.urls import path

from . import findings_views, results

urlpatterns = [
    path("findings/", findings_views.findings, name="findings"),
    path("findings.csv", findings_views.findings_csv, name="findings_csv"),
    path("findings/undo/<uuid:change>/", findings_views.action_undo, name="action_undo"),
    path("findings/<uuid:finding>/actions/<uuid:action>/state/", findings_views.action_state, name="action_state"),
    path("assessments/<uuid:assessment>/results/comparison/", results.comparison, name="run_comparison"),
]
