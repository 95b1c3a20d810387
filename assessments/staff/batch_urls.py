from django.urls import path

from . import batch_new_views, batch_views

urlpatterns = [
    path("batches/", batch_views.batch_list_page, name="batches"),
    path("batches/new/", batch_new_views.batch_new, name="batch_new"),
    path("batches/drafts/<uuid:draft>/", batch_new_views.batch_draft, name="batch_draft"),
    path("batches/drafts/<uuid:draft>/not-used.csv", batch_new_views.batch_draft_csv, name="batch_draft_csv"),
    path("batches/drafts/<uuid:draft>/creation/", batch_new_views.batch_creation, name="batch_creation"),
    path("batches/drafts/<uuid:draft>/removal/", batch_new_views.batch_draft_removal, name="batch_draft_removal"),
    path("batches/<uuid:batch>/", batch_views.batch_page, name="batch"),
    path("batches/<uuid:batch>.csv", batch_views.batch_csv, name="batch_csv"),
    path("batches/<uuid:batch>/sending/", batch_views.batch_sending, name="batch_sending"),
    path("batches/<uuid:batch>/reminders/", batch_views.batch_reminders, name="batch_reminders"),
    path("batches/<uuid:batch>/due-date/", batch_views.batch_due_date, name="batch_due_date"),
    path("batches/<uuid:batch>/mails/<uuid:mail>/", batch_views.batch_mail, name="batch_mail"),
    path("accounts/<uuid:account>/batches/new/", batch_new_views.account_batch_new, name="account_batch_new"),
]
