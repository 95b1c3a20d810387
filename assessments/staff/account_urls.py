from django.urls import path

from . import account_views

urlpatterns = [
    path("accounts/<uuid:account>/assessments/", account_views.account_assessments_tab, name="account_assessments"),
    path(
        "accounts/<uuid:account>/assessments.csv", account_views.account_assessments_csv, name="account_assessments_csv"
    ),
    path("accounts/<uuid:account>/assessments/new/", account_views.add_assessment, name="add_assessment"),
]
