"""Everybody at every door: each route × each person of the cast, and nothing changes where the door stays shut."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.actions import (
    account_imports,
    accounts,
    announcements,
    branding,
    contacts,
    custom_fields,
    dashboards,
    hosts,
    saved_views,
)
from accounts.actions import intake as intake_actions
from accounts.brand.brand_images import Made
from accounts.checks import is_ours, routes
from accounts.intake import guards
from accounts.models import (
    Account,
    AccountImport,
    AuditEntry,
    Contact,
    CustomField,
    IntakeForm,
    IntakeSubmission,
    Mail,
    MailState,
    Membership,
    Notification,
    SavedView,
    Site,
)
from accounts.register import account_sheets
from assessments.actions import (
    answers,
    assessments,
    batches,
    campaigns,
    clarifications,
    finding_actions,
    findings,
    report_links,
    reports,
    respondents,
    uploads,
)
from assessments.actions import links as guest_links
from assessments.actions.respondents import Person
from assessments.batching import batch_plan
from assessments.batching.batch_input import Row
from assessments.batching.batch_plan import Setup
from assessments.models import Assessment, Batch, BatchDraft, Campaign, Mode, Report, ReportTemplate, Respondent
from library.actions import access_requests, definitions, drafts, imports, links, preview_links
from library.exchange.report import Imported
from library.models import AccessRequest, Definition, DraftChange, Group, LibraryEntry
from tests import cast

pytestmark = pytest.mark.django_db

# ok: it opens or acts · ask: staff are asked to start a preview · in: to the sign-in page · else the status refused with.
#                                     at Northwind Dental:                    elsewhere:
PEOPLE = [
    "anon",
    "ada",
    "sam",
    "dana",
    "priya",
    "marcus",
    "dora",
    "felix",
    "lena",
    "carla",
    "theo",
    "iris",
    "noor",
    "amara",
]
TABLE = """
client:home                  GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:library               GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:library_card          GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:launch                POST    in   403  403  403  ok   ok   ok   ok    404  404  404  404  404  404
client:your_assessments      GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:your_assessments_csv  GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:available             GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:available_card        GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:create_available      POST    in   403  403  403  ok   ok   ok   ok    404  404  404  404  404  404
client:access_request        POST    in   403  403  403  ok   ok   ok   ok    404  404  404  404  404  404
client:activity              GET     in   ask  ask  403  ok   403  403  403   404  404  404  404  404  404
client:edit_assessment       GET     in   ask  ask  403  ok   403  403  403   404  404  404  404  404  404
client:edit_assessment       POST    in   403  403  403  ok   403  403  403   404  404  404  404  404  404
client:take                  GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:section               GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:ahead                 GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:presence               GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:pause                 GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:flag                  POST    in   403  403  403  ok   ok   ok   ok    404  404  404  404  404  404
client:confirmation          POST    in   403  403  403  ok   ok   ok   ok    404  404  404  404  404  404
client:question              GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:question              POST    in   403  403  403  ok   ok   ok   ok    404  404  404  404  404  404
client:files                 POST    in   403  403  403  ok   ok   ok   ok    404  404  404  404  404  404
client:evidence              POST    in   403  403  403  ok   ok   ok   ok    404  404  404  404  404  404
client:upload                GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:upload_removal        POST    in   403  403  403  ok   ok   ok   ok    404  404  404  404  404  404
client:upload_restoration    POST    in   403  403  403  ok   ok   ok   ok    404  404  404  404  404  404
client:review                GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:submission            POST    in   403  403  403  ok   ok   ok   ok    404  404  404  404  404  404
client:submitted             GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:clarification         GET     in   ask  ask  403  ok   404  404  404   404  404  404  404  404  404
client:clarification         POST    in   403  403  403  ok   404  404  404   404  404  404  404  404  404
client:results               GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:explanation           GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:answer_explanation    GET     in   ask  ask  403  ok   404  404  404   404  404  404  404  404  404
client:findings              GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:findings_csv          GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:run_comparison        GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:action_state          POST    in   403  403  403  ok   403  403  403   404  404  404  404  404  404
client:action_undo           POST    in   403  403  403  ok   ok   ok   ok    404  404  404  404  404  404
staff:run_findings           GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:run_comparison         GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:account_findings       GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:account_findings_csv   GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:finding_new            GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:finding_new            POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:finding                GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:finding                POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:finding_state          GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:finding_state          POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:finding_states         POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:finding_removal        POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:finding_undo           POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:finding_action_new     GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:finding_action_new     POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:finding_action         GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:finding_action         POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:finding_action_state   POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:finding_action_removal POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:finding_action_undo    POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:overview               GET     in   ok   ok   ok   404  404  404  404   ok   404  ok   404  404  404
staff:overview_csv           GET     in   ok   ok   ok   404  404  404  404   ok   404  ok   404  404  404
staff:accounts               GET     in   ok   ok   ok   404  404  404  404   ok   404  ok   404  404  404
staff:account_new            GET     in   ok   403  403  403  403  403  403   403  403  403  403  404  404
staff:account_new            POST    in   ok   403  403  403  403  403  403   403  403  403  403  404  404
staff:accounts_csv             GET     in   ok   ok   ok   403  403  403  403   ok   403  ok   403  404  404
staff:accounts_csv             POST    in   ok   ok   ok   403  403  403  403   ok   403  ok   403  404  404
staff:accounts_executive       POST    in   ok   403  403  404  404  404  404   403  404  403  404  404  404
staff:accounts_archive         POST    in   ok   403  403  404  404  404  404   403  404  403  404  404  404
staff:accounts_reactivation    POST    in   ok   403  403  404  404  404  404   403  404  403  404  404  404
staff:accounts_library         POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:account_csv              GET     in   ok   ok   ok   403  403  403  403   404  404  404  404  404  404
staff:account_archive          POST    in   ok   403  403  403  403  403  403   404  404  404  404  404  404
staff:account_reactivation     POST    in   ok   403  403  403  403  403  403   404  404  404  404  404  404
staff:account_deletion         GET     in   ok   403  403  403  403  403  403   404  404  404  404  404  404
staff:account_deletion         POST    in   ok   403  403  403  403  403  403   404  404  404  404  404  404
staff:site_edit                GET     in   ok   ok   403  403  403  404  404   404  404  404  404  404  404
staff:site_edit                POST    in   ok   ok   403  403  403  404  404   404  404  404  404  404  404
staff:site_removal             POST    in   ok   ok   403  403  404  404  404   404  404  404  404  404  404
staff:site_return              POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:deleted_accounts         GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:account_restoration      POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:account_import           GET     in   ok   403  403  403  403  403  403   403  403  403  403  404  404
staff:account_import           POST    in   ok   403  403  403  403  403  403   403  403  403  403  404  404
staff:account_import_template  GET     in   ok   403  403  403  403  403  403   403  403  403  403  404  404
staff:account_import_plan      GET     in   ok   403  403  403  403  403  403   403  403  403  403  404  404
staff:account_import_doing     POST    in   ok   403  403  403  403  403  403   403  403  403  403  404  404
staff:account_import_undoing   POST    in   ok   403  403  403  403  403  403   403  403  403  403  404  404
staff:account_import_discarding POST   in   ok   403  403  403  403  403  403   403  403  403  403  404  404
staff:account_overview       GET     in   ok   ok   ok   404  404  404  404   404  404  404  404  404  404
staff:account_edit           GET     in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:account_edit           POST    in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:site_new               GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:site_new               POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:contacts               GET     in   ok   ok   403  404  404  404  404  404  404  404  404  404  404
staff:contacts_csv           GET     in   ok   ok   403  404  404  404  404  404  404  404  404  404  404
staff:contact_new            GET     in   ok   ok   403  404  404  404  404  404  404  404  404  404  404
staff:contact_new            POST    in   ok   ok   403  404  404  404  404  404  404  404  404  404  404
staff:contact                GET     in   ok   ok   403  404  404  404  404  404  404  404  404  404  404
staff:contact                POST    in   ok   ok   403  404  404  404  404  404  404  404  404  404  404
staff:contact_primary        POST    in   ok   ok   403  404  404  404  404  404  404  404  404  404  404
staff:contact_removal        POST    in   ok   403  403  404  404  404  404  404  404  404  404  404  404
staff:contact_return         POST    in   ok   403  403  404  404  404  404  404  404  404  404  404  404
staff:custom_data            GET     in   ok   404  404  404  404  404  404  404  404  404  404  404  404
staff:custom_data_of         GET     in   ok   404  404  404  404  404  404  404  404  404  404  404  404
staff:custom_field_new       GET     in   ok   404  404  404  404  404  404  404  404  404  404  404  404
staff:custom_field_new       POST    in   ok   404  404  404  404  404  404  404  404  404  404  404  404
staff:custom_field           GET     in   ok   404  404  404  404  404  404  404  404  404  404  404  404
staff:custom_field           POST    in   ok   404  404  404  404  404  404  404  404  404  404  404  404
staff:custom_field_position  POST    in   ok   404  404  404  404  404  404  404  404  404  404  404  404
staff:custom_field_archive   POST    in   ok   404  404  404  404  404  404  404  404  404  404  404  404
staff:custom_field_return    POST    in   ok   404  404  404  404  404  404  404  404  404  404  404  404
staff:dashboard                        GET  in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:dashboard                        POST in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:dashboard_undo                   POST in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:dashboard_restoration            POST in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:account_announcement_new         GET  in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:account_announcement_new         POST in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:account_announcement             GET  in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:account_announcement             POST in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:account_announcement_end         POST in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:account_announcement_removal     POST in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:account_announcement_restoration POST in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:account_announcement_resumption  POST in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:home_default                     GET  in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:home_default                     POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:home_default_undo                POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:home_default_restoration         POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:announcements                    GET  in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:announcement_new                 GET  in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:announcement_new                 POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:announcement                     GET  in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:announcement                     POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:announcement_end                 POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:announcement_removal             POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:announcement_restoration         POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:announcement_resumption          POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
client:search                GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
staff:search                 GET     in   ok   ok   ok   404  404  404  404   ok   404  ok   404  404  404
client:company               GET     in   ask  ask  403  ok   404  404  404  404  404  404  404  404  404
client:sites                 GET     in   ask  ask  403  ok   ok   404  404  404  404  404  404  404  404
client:site                  GET     in   ask  ask  403  ok   ok   404  404  404  404  404  404  404  404
client:colleagues            GET     in   ask  ask  403  ok   404  404  404  404  404  404  404  404  404
staff:people                 GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:person_new             GET     in   ok   403  403  403  404  404  404   404  404  404  404  404  404
staff:person_new             POST    in   ok   403  403  403  404  404  404   404  404  404  404  404  404
staff:account_assessments    GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:person                       GET  in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:person_access                POST in   ok   403  403  403  404  404  404   404  404  404  404  404  404
staff:person_ability               POST in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:person_invitation            POST in   ok   403  403  403  404  404  404   404  404  404  404  404  404
staff:person_removal               POST in   ok   403  403  403  404  404  404   404  404  404  404  404  404
staff:person_return                POST in   ok   403  403  404  404  404  404   404  404  404  404  404  404
staff:access_question              GET  in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:access_review                GET  in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:access_review_csv            GET  in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:access_review_confirmation   POST in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
client:access_review               GET  in   ask  ask  403  ok   404  404  404   404  404  404  404  404  404
client:access_review_csv           GET  in   ask  ask  403  ok   404  404  404   404  404  404  404  404  404
client:access_review_confirmation  POST in   403  403  403  ok   404  404  404   404  404  404  404  404  404
staff:settings_people              GET  in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_people_csv          GET  in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person_new          GET  in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person_new          POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person              GET  in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person              POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person_accounts     GET  in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person_accounts     POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person_role         GET  in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person_role         POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person_offboarding  GET  in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person_offboarding  POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person_role_end     POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person_return       POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person_admin        POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person_invitation   POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person_deactivation POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person_reactivation POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person_sessions     POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person_second_factor     POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings_person_password     POST in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:account_library        GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:library_switch         POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:library_group          POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:library_restoration    POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:library_audience       GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:library_audience       POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:access_grant           POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:access_refusal         POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:account_activity       GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:audit_log              GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:audit_log_csv          GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:audit_entry            GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:library_assignment     POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:library_removal        POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:account_assessments_csv GET    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:add_assessment         GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:add_assessment         POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:assessment             GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:explanation            GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:answer_explanation     GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:batches                GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:batch_new              GET     in   ok   ok   403  403  403  403  403   ok   403  ok   403  404  404
staff:batch_new              POST    in   ok   ok   403  403  403  403  403   ok   403  ok   403  404  404
staff:batch_draft            GET     in   404  ok   403  404  404  404  404   404  404  404  404  404  404
staff:batch_draft            POST    in   404  ok   403  404  404  404  404   404  404  404  404  404  404
staff:batch_draft_csv        GET     in   404  ok   403  404  404  404  404   404  404  404  404  404  404
staff:batch_creation         POST    in   404  ok   403  404  404  404  404   404  404  404  404  404  404
staff:batch_draft_removal    POST    in   404  ok   403  404  404  404  404   404  404  404  404  404  404
staff:batch                  GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:batch_csv              GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:batch_sending          GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:batch_reminders        POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:batch_due_date         GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:batch_due_date         POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:batch_mail             POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:account_batch_new      GET     in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:account_batch_new      POST    in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:campaigns              GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:campaign_new           GET     in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:campaign_new           POST    in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:campaign               GET     in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:campaign               POST    in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:campaign_end           POST    in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:campaign_resumption    POST    in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:upload                 GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:assessment_upgrade     GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:assessment_upgrade     POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:assessments            GET     in   ok   ok   ok   404  404  404  404   ok   404  ok   404  404  404
staff:assessments_csv        GET     in   ok   ok   ok   404  404  404  404   ok   404  ok   404  404  404
staff:assessment_links       GET     in   ok   ok   ok   404  404  404  404   ok   404  ok   404  404  404
staff:assessments_due_date   POST    in   ok   ok   ok   404  404  404  404   ok   404  ok   404  404  404
staff:assessments_reminders  POST    in   ok   ok   ok   404  404  404  404   ok   404  ok   404  404  404
staff:saved_view_new         GET     in   ok   ok   ok   404  404  404  404   ok   404  ok   404  404  404
staff:saved_view_new         POST    in   ok   ok   ok   404  404  404  404   ok   404  ok   404  404  404
staff:saved_view_removal     POST    in   404  ok   404  404  404  404  404   404  404  404  404  404  404
staff:saved_view_return      POST    in   ok   ok   ok   404  404  404  404   ok   404  ok   404  404  404
staff:run_spread             GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:combination            POST    in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:release                POST    in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:reopening              POST    in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:answer_on_behalf       GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:answer_on_behalf       POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:answer_history         GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:run_review             GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:review_rule            POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:verdict                GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:verdict                POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:clarification          GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:clarification          POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:clarification_resolution POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:section_acceptance     POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:note                   GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:note                   POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:run_setup              GET     in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:run_setup              POST    in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:run_submission         GET     in   ok   ok   403  404  404  404  404  404  404  404  404  404  404
staff:run_submission         POST    in   ok   ok   403  404  404  404  404  404  404  404  404  404  404
staff:closing                GET     in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:closing                POST    in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:release                GET     in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:reopening              GET     in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:deletion               POST    in   ok   403  403  403  403  403  403   404  404  404  404  404  404
staff:restoration            POST    in   ok   403  403  403  403  403  403   404  404  404  404  404  404
staff:preview                GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:preview                POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:definitions            GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:definition             GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:definition_exports     GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:definition_export      GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:definition_import      GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:definition_import      POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:import_template        GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:import_report          GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:import_report_csv      GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:import_commitment      POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:import_discarding      POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:publication            POST    in   ok   403  403  404  404  404  404   403  404  403  404  404  404
staff:deprecation            POST    in   ok   403  403  404  404  404  404   403  404  403  404  404  404
staff:definition_new         GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:definition_new         POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:draft_start            POST    in   ok   403  403  404  404  404  404   403  404  403  404  404  404
staff:editor                 GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:editor                 POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:draft_state            GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:draft_addition         POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:draft_copy             POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:draft_place            POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:draft_part_removal     POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:draft_sharing          POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:draft_undo             POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:condition              GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:condition              POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:recommendations        GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:recommendations        POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:scoring                GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:scoring                POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:scoring_beginning      POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:weights                GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:weights                POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:scores                 POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:score                  GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:score                  POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:score_copy             POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:score_removal          POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:samples                GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:samples                POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:sample                 GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:sample                 POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:sample_copy            POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:sample_removal         POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:sample_answer          POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:sample_filling         POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:sample_explanation     GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:sample_question        GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:definition_comparison  GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:definition_position    POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:submission             POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:submission_return      POST    in   ok   403  403  404  404  404  404   403  404  403  404  404  404
staff:republication          POST    in   ok   403  403  404  404  404  404   403  404  403  404  404  404
staff:draft_removal          POST    in   ok   403  403  404  404  404  404   403  404  403  404  404  404
staff:definition_copy        POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:trial                  GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:trial                  POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:preview_links          GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:preview_links          POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:preview_link_revocation POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:preview_link_return    POST     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:children               GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:children               POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:child_weight           POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:child_position         POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:child_removal          POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:groups                 GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:groups                 POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:group_name             POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:group_position         POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:group_removal          POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:run_people             GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:run_additions          GET     in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:run_additions          POST    in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:run_invitations        POST    in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:run_reminders          POST    in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:run_restoration        POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:run_links              GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:run_links              POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:run_link_revocation    POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:run_link_return        POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:run_person_sections    GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:run_person_sections    POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:run_person_stop        POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:run_person_resumption  POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:run_person_removal     POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:run_person_link        POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:intake_forms           GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_form_new        GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_form_new        POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_form            GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_form            POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_form_preview    GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_form_preview    POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_form_copy       POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_form_default    POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_form_return     POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_form_removal    POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_submissions     GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_submission      GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_acceptance      GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_acceptance      POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_merge           GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_merge           POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_rejection       GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_rejection       POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:intake_reopening       POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:industries             GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:industry               GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:industry               POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
intake                       GET     ok   ok   ok   ok   ok   ok   ok   ok    ok   ok   ok   ok   ok   ok
intake                       POST    ok   ok   ok   ok   ok   ok   ok   ok    ok   ok   ok   ok   ok   ok
intake_form                  GET     ok   ok   ok   ok   ok   ok   ok   ok    ok   ok   ok   ok   ok   ok
intake_form                  POST    ok   ok   ok   ok   ok   ok   ok   ok    ok   ok   ok   ok   ok   ok
intake_sent                  GET     ok   ok   ok   ok   ok   ok   ok   ok    ok   ok   ok   ok   ok   ok
staff:reference_values       GET     in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
staff:reference_values       POST    in   ok   ok   403  404  404  404  404   ok   404  ok   404  404  404
guest_link                   GET     ok   ok   ok   ok   ok   ok   ok   ok    ok   ok   ok   ok   ok   ok
guest_link                   POST    ok   ok   ok   ok   ok   ok   ok   ok    ok   ok   ok   ok   ok   ok
client:reports               GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:report                GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:report_file           GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
staff:account_reports        GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:report_enabling        POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:run_reports            GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:report_making          POST    in   ok   ok   403  403  403  403  403   404  404  404  404  404  404
staff:report                 GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:report_file            GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:report_drawing         POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:report_sharing         GET     in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:report_sharing         POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:report_link_revocation POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:report_link_return     POST    in   ok   ok   403  404  404  404  404   404  404  404  404  404  404
staff:report_templates             GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_template_new          GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_template_new          POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_template_import       GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_template_import       POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_template              GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_template              POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_template_export       GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_template_activation   POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_template_default      POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_template_copy         POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_template_removal      GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_template_removal      POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_template_preview      GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_section_addition      POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_section_return        POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_section               GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_section               POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_section_preview       POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_section_position      POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:report_section_removal       POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
client:notifications             GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:notifications_reading     POST    in   403  403  403  ok   ok   ok   ok    404  404  404  404  404  404
client:notifications_undo        POST    in   403  403  403  ok   ok   ok   ok    404  404  404  404  404  404
client:notification_choices      GET     in   ask  ask  403  ok   ok   ok   ok    404  404  404  404  404  404
client:notification_choices      POST    in   403  403  403  ok   ok   ok   ok    404  404  404  404  404  404
client:notification              GET     in   ask  ask  403  ok   404  404  404   404  404  404  404  404  404
client:notification_reading      POST    in   403  403  403  ok   404  404  404   404  404  404  404  404  404
staff:notifications              GET     in   ok   ok   ok   404  404  404  404   ok   404  ok   404  404  404
staff:notifications_reading      POST    in   ok   ok   ok   404  404  404  404   ok   404  ok   404  404  404
staff:notifications_undo         POST    in   ok   ok   ok   404  404  404  404   ok   404  ok   404  404  404
staff:notification_choices       GET     in   ok   ok   ok   404  404  404  404   ok   404  ok   404  404  404
staff:notification_choices       POST    in   ok   ok   ok   404  404  404  404   ok   404  ok   404  404  404
staff:notification               GET     in   404  ok   404  404  404  404  404   404  404  404  404  404  404
staff:notification_reading       POST    in   404  ok   404  404  404  404  404   404  404  404  404  404  404
staff:email_templates            GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:email_template             GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:email_template             POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:email_template_activation  POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:email_template_deactivation POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:email_template_reset       POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:email_template_return      POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:email_template_test        POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:email_template_check       POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:email_template_preview     GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:email_template_preview     POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
notifications                    GET     in   ok   ok   ok   ok   ok   ok   ok    ok   ok   ok   ok   ok   ok
notification_choices             GET     in   ok   ok   ok   ok   ok   ok   ok    ok   ok   ok   ok   ok   ok
shared_report                GET     ok   ok   ok   ok   ok   ok   ok   ok    ok   ok   ok   ok   ok   ok
shared_report_file           GET     ok   ok   ok   ok   ok   ok   ok   ok    ok   ok   ok   ok   ok   ok
public_trial                 GET     ok   ok   ok   ok   ok   ok   ok   ok    ok   ok   ok   ok   ok   ok
public_trial                 POST    ok   ok   ok   ok   ok   ok   ok   ok    ok   ok   ok   ok   ok   ok
home                         GET     in   ok   ok   ok   ok   ok   ok   ok    ok   ok   ok   ok   ok   ok
profile                      GET     in   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
profile                      POST    in   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
security                     GET     in   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
profile_sessions_end         POST    in   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
staff:branding               GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:branding               POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:brand_preview          GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:brand_versions         GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:brand_restoration      POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:brand_hosts            GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:brand_hosts            POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:brand_host_check       POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:brand_host_removal     POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:brand_host_return      POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:settings               GET     in   ok   404  404  404  404  404  404  404  404  404  404  404  404
staff:words                  GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:words                  POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:library_settings       GET     in   ok   404  404  404  404  404  404   404  404  404  404  404  404
staff:library_settings       POST    in   ok   404  404  404  404  404  404   404  404  404  404  404  404
brand_picture                GET     ok   ok   ok   ok   ok   ok   ok   ok    ok   ok   ok   ok   ok   ok
brand_css                    GET     ok   ok   ok   ok   ok   ok   ok   ok    ok   ok   ok   ok   ok   ok
styleguide                   GET     ok   ok   ok   ok   ok   ok   ok   ok    ok   ok   ok   ok   ok   ok
"""
ROWS = {
    (name, method): dict(zip(PEOPLE, expected, strict=True))
    for name, method, *expected in (line.split() for line in TABLE.strip().splitlines())
}
# A score of the definition that runs are of, and a question that goes into it.
OF_A_SCORE = ("overview", "over-list")
OF_A_DEFINITION = {
    "staff:definition",
    "staff:definition_comparison",
    "staff:definition_copy",
    "staff:definition_export",
    "staff:definition_exports",
    "staff:definition_position",
    "staff:deprecation",
    "staff:draft_start",
    "staff:preview_links",
    "staff:publication",
    "staff:republication",
    "staff:trial",
}
# Pages of a draft, with what stands in their address behind the definition.
OF_A_DRAFT: dict[str, list[str]] = {
    "staff:reference_values": [],
    "staff:editor": [],
    "staff:draft_state": [],
    "staff:draft_addition": [],
    "staff:draft_copy": [],
    "staff:draft_place": [],
    "staff:draft_part_removal": [],
    "staff:draft_sharing": [],
    "staff:draft_undo": ["last"],
    "staff:submission": [],
    "staff:submission_return": [],
    "staff:draft_removal": [],
    "staff:children": [],
    "staff:child_weight": ["child"],
    "staff:child_position": ["child"],
    "staff:child_removal": ["child"],
    "staff:condition": ["question", "entry-macros", "show_if"],
    "staff:recommendations": ["score", "overall"],
    "staff:scoring": [],
    "staff:scoring_beginning": [],
    "staff:weights": [],
    "staff:scores": [],
    "staff:score": ["overall"],
    "staff:score_copy": ["overall"],
    "staff:score_removal": ["entry"],
    "staff:samples": [],
    "staff:sample": ["strong"],
    "staff:sample_copy": ["strong"],
    "staff:sample_removal": ["strong"],
    "staff:sample_answer": ["strong", "entry-macros"],
    "staff:sample_filling": ["strong"],
    "staff:sample_explanation": ["strong", "overall"],
    "staff:sample_question": ["strong", "entry-macros"],
}
OF_THE_ORGANIZATION = {
    "staff:notifications",
    "staff:notifications_reading",
    "staff:notifications_undo",
    "staff:notification",
    "staff:notification_reading",
    "staff:notification_choices",
    "staff:email_templates",
    "staff:email_template",
    "staff:email_template_activation",
    "staff:email_template_deactivation",
    "staff:email_template_reset",
    "staff:email_template_return",
    "staff:email_template_test",
    "staff:email_template_check",
    "staff:email_template_preview",
    "staff:branding",
    "staff:brand_preview",
    "staff:brand_versions",
    "staff:brand_restoration",
    "staff:brand_hosts",
    "staff:brand_host_check",
    "staff:brand_host_removal",
    "staff:brand_host_return",
    "staff:library_settings",
    "staff:words",
    "staff:home_default",
    "staff:home_default_undo",
    "staff:home_default_restoration",
    "staff:announcements",
    "staff:announcement_new",
    "staff:announcement",
    "staff:announcement_end",
    "staff:announcement_removal",
    "staff:announcement_restoration",
    "staff:announcement_resumption",
    "staff:search",
    "staff:settings",
    "staff:settings_people",
    "staff:settings_people_csv",
    "staff:settings_person_new",
    "staff:settings_person",
    "staff:settings_person_accounts",
    "staff:settings_person_role",
    "staff:settings_person_offboarding",
    "staff:settings_person_role_end",
    "staff:settings_person_return",
    "staff:settings_person_admin",
    "staff:settings_person_invitation",
    "staff:settings_person_deactivation",
    "staff:settings_person_reactivation",
    "staff:settings_person_sessions",
    "staff:settings_person_second_factor",
    "staff:settings_person_password",
    "staff:intake_forms",
    "staff:intake_form_new",
    "staff:intake_form",
    "staff:intake_form_preview",
    "staff:intake_form_copy",
    "staff:intake_form_default",
    "staff:intake_form_removal",
    "staff:intake_form_return",
    "staff:intake_submissions",
    "staff:intake_submission",
    "staff:intake_acceptance",
    "staff:intake_merge",
    "staff:intake_rejection",
    "staff:intake_reopening",
    "staff:industries",
    "staff:industry",
    "staff:report_templates",
    "staff:report_template_new",
    "staff:report_template_import",
    "staff:report_template",
    "staff:report_template_export",
    "staff:report_template_activation",
    "staff:report_template_default",
    "staff:report_template_copy",
    "staff:report_template_removal",
    "staff:report_template_preview",
    "staff:report_section_addition",
    "staff:report_section_return",
    "staff:report_section",
    "staff:report_section_preview",
    "staff:report_section_position",
    "staff:report_section_removal",
    "staff:batches",
    "staff:batch_new",
    "staff:batch_draft",
    "staff:batch_draft_csv",
    "staff:batch_creation",
    "staff:batch_draft_removal",
    "staff:batch",
    "staff:batch_csv",
    "staff:batch_sending",
    "staff:batch_reminders",
    "staff:batch_due_date",
    "staff:batch_mail",
    "staff:groups",
    "staff:group_name",
    "staff:group_position",
    "staff:group_removal",
    "staff:preview_link_revocation",
    "staff:preview_link_return",
    "staff:definition_new",
    "staff:overview",
    "staff:overview_csv",
    "staff:assessments",
    "staff:assessments_csv",
    "staff:assessment_links",
    "staff:assessments_due_date",
    "staff:assessments_reminders",
    "staff:saved_view_new",
    "staff:saved_view_removal",
    "staff:saved_view_return",
    "staff:accounts",
    "staff:accounts_csv",
    "staff:accounts_executive",
    "staff:accounts_archive",
    "staff:accounts_reactivation",
    "staff:accounts_library",
    "staff:deleted_accounts",
    "staff:account_restoration",
    "staff:account_import",
    "staff:account_import_template",
    "staff:account_import_plan",
    "staff:account_import_doing",
    "staff:account_import_undoing",
    "staff:account_import_discarding",
    "staff:account_new",
    "staff:custom_data",
    "staff:custom_data_of",
    "staff:custom_field_new",
    "staff:custom_field",
    "staff:custom_field_position",
    "staff:custom_field_archive",
    "staff:custom_field_return",
    "staff:audit_log",
    "staff:audit_log_csv",
    "staff:audit_entry",
    "staff:definitions",
    "staff:definition_import",
    "staff:import_template",
    "staff:import_report",
    "staff:import_report_csv",
    "staff:import_commitment",
    "staff:import_discarding",
}


def of_an_account(name: str) -> bool:
    return ":" in name and name not in OF_A_DEFINITION | OF_THE_ORGANIZATION | OF_A_DRAFT.keys()


KINDS: dict[str, dict[str, str]] = {
    "page": {},
    "htmx": {"HX-Request": "true", "HX-Current-URL": "http://harbor.localhost/here/"},
}


def test_every_route_stands_in_the_table_and_every_row_is_a_route():
    ours = {
        (name, method)
        for address, name, view in routes()
        if is_ours(view) and not address.startswith("dev/")
        for method in view.rule.methods
    }
    assert ours == set(ROWS)


@pytest.mark.parametrize(("name", "method"), ROWS, ids=lambda value: value)
def test_the_door(name: str, method: str):
    """Everybody in turn, as a page and as a fragment, each in a transaction of their own that is taken back."""
    with cast.inside("harbor"):
        address, data = address_of(name), DATA.get(name, {})
        before = everything()
    met = {}
    for who in PEOPLE:
        for kind, headers in KINDS.items():
            with transaction.atomic():
                response = knock(who, method, address, data, headers)
                met[who, kind] = verdict(response)
                if met[who, kind] != "ok":
                    with cast.inside("harbor"):
                        assert everything() == before, f"{who} was refused and yet changed something"
                transaction.set_rollback(True)
    assert met == {(who, kind): expected for who, expected in ROWS[name, method].items() for kind in KINDS}


def knock(who: str, method: str, address: str, data: dict, headers: dict) -> HttpResponse:
    visitor = cast.visitor("" if who == "anon" else who, at="harbor")
    visitor.raise_request_exception = False
    return getattr(visitor, method.lower())(address, data, headers=headers)


@pytest.mark.parametrize(("name", "method"), [row for row in ROWS if ":" in row[0]], ids=lambda value: value)
def test_another_organizations_host_knows_none_of_it(name: str, method: str):
    with cast.inside("harbor"):
        address, data = address_of(name), DATA.get(name, {})
    for who in ("ada", "sam", "priya"):
        response = getattr(cast.visitor(who, at="sunny"), method.lower())(address, data)
        assert response.status_code == 404, who


@pytest.mark.parametrize(("name", "method"), [row for row in ROWS if of_an_account(row[0])], ids=lambda value: value)
def test_what_is_forbidden_looks_like_what_does_not_exist(name: str, method: str):
    with cast.inside("harbor"):
        address, data = address_of(name), DATA.get(name, {})
        strangers_account = str(cast.account("Northwind").id)
    visitor = cast.visitor("carla")
    forbidden = getattr(visitor, method.lower())(address, data)
    missing = getattr(visitor, method.lower())(address.replace(strangers_account, str(uuid.uuid4())), data)
    assert forbidden.status_code == missing.status_code == 404
    assert without_request_id(forbidden) == without_request_id(missing)


OF_A_MAIL = {"subject": "Welcome", "body": "Come in: {{ button }}", "seen": "0"}
DATA = {
    "staff:dashboard": {"order": ["score"], "shown": ["score"], "revision": "0", "save": "1"},
    "staff:home_default": {"order": ["score"], "shown": ["score"], "revision": "0", "save": "1"},
    "staff:dashboard_restoration": {"revision": "1"},
    "staff:home_default_restoration": {"revision": "1"},
    **{
        f"staff:{name}": {"title": "We move", "starts_on": str(timezone.localdate()), "revision": "1"}
        for name in ("announcement_new", "announcement", "account_announcement_new", "account_announcement")
    },
    "staff:intake_form_new": {"name": "Become a client"},
    "staff:intake_acceptance": {"account_name": "Birch", "contact_name": "Olive", "contact_email": "o@birch.example"},
    "staff:intake_merge": {"taken": []},
    "staff:intake_rejection": {"reason": "Too far away"},
    "staff:industry": {"name": "Banks", "is_offered": "on"},
    "intake_form": {"go": "back"},
    "intake": {"go": "back"},
    "staff:intake_form_preview": {"go": "back"},
    "staff:email_template": OF_A_MAIL,
    "staff:email_template_activation": OF_A_MAIL,
    "staff:email_template_deactivation": {"seen": "0"},
    "staff:email_template_reset": {"seen": "0"},
    "staff:email_template_test": OF_A_MAIL,
    "staff:email_template_check": OF_A_MAIL,
    "staff:email_template_preview": OF_A_MAIL,
    "client:notification_choices": {"assessments.released:mail": "daily"},
    "staff:notification_choices": {"assessments.submitted:mail": "never"},
    "profile": {"name": "Renamed", "time_zone": "UTC"},
    "staff:contact_new": {"name": "Rosa Lin"},
    "staff:contact": {"name": "Dora Renamed"},
    "staff:custom_field_new": {"label": "Tier", "type": "text"},
    "staff:custom_field": {"label": "Renamed", "type": "text"},
    "staff:custom_field_position": {"step": "up"},
    "staff:report_enabling": {"enabled": "off"},
    "staff:report_sharing": {"days": "3"},
    "staff:report_template_new": {"name": "Board paper", "kind": "executive"},
    "staff:report_template": {"name": "Renamed", "seen": ""},
    "staff:report_template_activation": {"active": "off"},
    "staff:report_section_addition": {"kind": "text"},
    "staff:report_section_position": {"step": "down"},
    "staff:report_section": {"title": "New heading"},
    "staff:report_section_preview": {"title": "New heading"},
    "staff:saved_view_new": {"name": "Late ones", "query": "view=attention"},
    "staff:combination": {"how": "median"},
    "staff:definition_copy": {"name": "A copy"},
    "staff:definition_position": {"step": "down"},
    "staff:submission_return": {"note": "Mind question 2"},
    "staff:preview_links": {"days": "3"},
    "staff:trial": {"answers": "{}", "go": "results"},
    "guest_link": {"name": "Ann"},
    "staff:run_additions": {"lines": "Bob <bob@example.com>"},
    "staff:run_links": {"power": "answer", "until": str(timezone.localdate())},
    "public_trial": {"answers": "{}", "go": "results"},
    "staff:child_weight": {"weight": "2"},
    "staff:child_position": {"step": "up"},
    "staff:groups": {"name": "Boats"},
    "staff:group_name": {"name": "Boats"},
    "staff:group_position": {"step": "up"},
    "staff:definition_new": {"name": "Brand new"},
    "staff:draft_addition": {"kind": "question", "type": "yes_no"},
    "staff:draft_copy": {"part": "question:entry-macros"},
    "staff:draft_place": {"part": "question:entry-macros", "direction": "down"},
    "staff:draft_part_removal": {"part": "question:entry-macros"},
    "staff:draft_sharing": {"part": "question:entry-usb"},
    "client:question": {"value": "yes", "state": "answered", "revision": "0"},
    "client:flag": {"flag": "on"},
    "client:edit_assessment": {"name": "Renamed"},
    "staff:account_new": {"name": "Brand New", "time_zone": "UTC"},
    "staff:account_edit": {"name": "Northwind Dental", "time_zone": "UTC"},
    "staff:site_new": {"name": "Annex"},
    "staff:site_edit": {"name": "Riverside"},
    "staff:account_deletion": {"typed_name": "Northwind Dental"},
    "staff:account_import": {"pasted": "Name\nBrand New"},
    "staff:account_import_doing": {"seen": "another"},
    "staff:person_new": {"name": "Nia New", "email": "nia@northwind.example", "role": "client"},
    "staff:person_access": {"portal_roles": ["billing"]},
    "staff:person_ability": {"ability": "view_results", "effect": "deny"},
    "staff:settings_person_new": {"name": "Nia New", "email": "nia@northwind.example", "role": "admin"},
    "staff:settings_person": {"name": "Dora O.", "email": "dora@northwind.example"},
    "staff:settings_person_role": {"role": "technician"},
    "staff:settings_person_admin": {"admin": "off"},
    "staff:import_commitment": {"becomes": "draft", "name": "Small"},
    "staff:preview": {"viewpoint": "company-admin"},
    "staff:library_switch": {"on": "0"},
    "staff:library_group": {"group": "", "on": "1"},
    "staff:library_audience": {"audience": "everyone"},
    "staff:reopening": {"reason": "One more question"},
    "staff:closing": {"note": "The company was sold"},
    "staff:run_setup": {
        "name": "Renamed",
        "mode": "shared",
        "combination": "median",
        "notify_at_percent": "80",
        "review_rule": "as_given",
    },
    "staff:review_rule": {"review_rule": "accepted_only"},
    "staff:verdict": {"verdict": "accepted", "revision": "1"},
    "staff:clarification": {"text": "Since when?"},
    "staff:note": {"text": "No list of suppliers", "revision": "0"},
    "client:clarification": {"text": "Since May", "revision": "1"},
    "staff:branding": {"seen": "0", "name": "Harbor IT", "brand_color": "#ffd400", "save": "on"},
    "staff:brand_restoration": {"seen": "2"},
    "staff:brand_hosts": {"host": "care.harbor.example"},
    "staff:library_settings": {"offered": "entitled", "seen": "everything"},
    "staff:words": {"look": "on", "assessment_one": "Audit", "assessment_many": "Audits"},
    "client:action_state": {"to": "done"},
    "staff:finding_new": {"title": "Something else weak", "severity": "low"},
    "staff:finding": {"title": "Something weaker", "severity": "high"},
    "staff:finding_state": {"state": "resolved"},
    "staff:finding_states": {"state": "resolved"},
    "staff:finding_action_new": {"title": "Mend it"},
    "staff:finding_action": {"title": "Mend it well", "state": "done"},
    "staff:finding_action_state": {"to": "done"},
}


def told(name: str) -> Notification:
    """This will tell somebody something about Northwind."""
    return Notification.objects.create(
        organization=cast.organization(), account=cast.account("Northwind"), user=cast.person(name),
        kind="assessments.submitted", key=f"told:{name}:{uuid.uuid4()}",
    )  # fmt: skip


def kept_for_nobody() -> LibraryEntry:
    """This will keep a definition of Northwind's Library for people, and choose none."""
    entry = LibraryEntry.objects.filter(account=cast.account("Northwind")).order_by("id").first()
    entry.people.all().delete()
    LibraryEntry.objects.filter(pk=entry.pk).update(audience="people", portal_roles=[])
    return entry


def access_request() -> AccessRequest:
    """This will let Bea ask for it."""
    return access_requests.ask(by=cast.viewer("bea", "Northwind"), definition=kept_for_nobody().definition)


def saved_view() -> SavedView:
    """This will save a view for Sam."""
    with cast.inside():
        return saved_views.save(by=cast.viewer("sam"), place="assessments", name="Mine", query="view=closed")


def answered_alone() -> Assessment:
    """This will start a run in which Priya has answered alone."""
    with cast.inside():
        made = run()
        Assessment.objects.filter(pk=made.pk).update(mode=Mode.INDEPENDENT)
        made.refresh_from_db()
        answers.save(
            by=cast.viewer("priya", "Northwind"), assessment=made, question_key=first_question(), state="answered",
            raw=cast.some_answer(cast.document("vendor-risk").questions()[0]),
        )  # fmt: skip
        Respondent.objects.filter(assessment=made).update(submitted_at=timezone.now())
        return made


def intake_form() -> IntakeForm:
    """This will open an intake form, the default one."""
    form = intake_actions.create(by=cast.viewer("ada"), name="Come to us")
    IntakeForm.objects.filter(pk=form.pk).update(is_open=True)
    return form


def intake_submission(rejected: bool = False) -> IntakeSubmission:
    """This will have a company send the form."""
    values = {"account.name": "Birch", "contact.name": "Olive", "contact.email": "olive@birch.example"}
    sent = intake_actions.Sent(values=values, opened=guards.opening(), mark="somewhere")
    submission = intake_actions.receive(form=intake_form(), sent=sent)
    if rejected:
        intake_actions.reject(by=cast.viewer("ada"), submission=submission, reason="Too far away")
    return submission


def announced(at: str = "", *, removed: bool = False) -> uuid.UUID:
    """This will tell all accounts something, or one."""
    with cast.inside():
        by, account = cast.viewer("ada"), cast.account(at) if at else None
        made = announcements.publish(by=by, account=account, title="We move", starts_on=timezone.localdate())
        if removed:
            announcements.remove(by=by, announcement=made)
        return made.pk


def arranged(at: str = "") -> uuid.UUID:
    """This will arrange Home, of all accounts or of one, and return the change."""
    with cast.inside():
        account = cast.account(at) if at else None
        made = dashboards.arrange(
            by=cast.viewer("ada"), account=account, components=[{"key": "score", "shown": False}], revision=0
        )
        assert made is not None
        return made.pk


def address_of(name: str) -> str:
    """This will build the address of a route with Northwind's things in the state the route is about."""
    northwind = cast.account("Northwind")
    shelf = Definition.objects.in_library_of(northwind).order_by("key")
    ids = {
        "client:library_card": [shelf[0].id],
        "client:launch": [shelf[0].id],
        "client:available_card": [shelf[0].id],
        "client:create_available": [shelf[0].id],
        "client:edit_assessment": lambda: [run().id],
        "client:take": lambda: [run().id],
        "client:question": lambda: [run().id, first_question()],
        "client:flag": lambda: [run().id, first_question()],
        "client:section": lambda: [run().id, first_section()],
        "client:ahead": lambda: [run().id, first_section()],
        "client:confirmation": lambda: [run().id, first_section()],
        "client:presence": lambda: [run().id],
        "client:pause": lambda: [run().id],
        "client:files": lambda: [run().id, "agree-template"],
        "client:evidence": lambda: [run().id, "over-list"],
        "client:upload": lambda: list(of_file()),
        "client:upload_removal": lambda: list(of_file()),
        "client:upload_restoration": lambda: list(of_file()),
        "staff:upload": lambda: list(of_file()),
        "staff:assessment_upgrade": lambda: [run().id],
        "client:review": lambda: [run().id],
        "client:submission": lambda: [run("complete").id],
        "client:submitted": lambda: [run("submitted").id],
        "client:results": lambda: [run("released").id],
        "client:explanation": lambda: [run("released").id, "overall"],
        "client:answer_explanation": lambda: [run("released").id, *OF_A_SCORE],
        "staff:import_template": ["csv"],
        "staff:saved_view_new": ["assessments"],
        "staff:saved_view_removal": lambda: [saved_view().pk],
        "staff:run_spread": lambda: [answered_alone().id],
        "staff:combination": lambda: [answered_alone().id],
        **{
            f"staff:{name}": lambda: [intake_form().pk]
            for name in (
                "intake_form",
                "intake_form_preview",
                "intake_form_copy",
                "intake_form_default",
                "intake_form_removal",
            )
        },
        **{
            f"staff:{name}": lambda: [intake_submission().pk]
            for name in ("intake_submission", "intake_acceptance", "intake_rejection")
        },
        "staff:intake_merge": lambda: [intake_submission().pk, northwind.pk],
        "staff:intake_reopening": lambda: [intake_submission(rejected=True).pk],
        "intake": lambda: [] if intake_form() else [],
        "intake_form": lambda: [intake_form().slug],
        "intake_sent": lambda: [intake_form().slug],
        "staff:industry": ["52"],
        "staff:batch_draft": lambda: [drafted_batch().pk],
        "staff:batch_draft_csv": lambda: [drafted_batch().pk],
        "staff:batch_creation": lambda: [drafted_batch().pk],
        "staff:batch_draft_removal": lambda: [drafted_batch().pk],
        "staff:batch": lambda: [sent_batch().pk],
        "staff:batch_csv": lambda: [sent_batch().pk],
        "staff:batch_sending": lambda: [sent_batch().pk],
        "staff:batch_reminders": lambda: [sent_batch().pk],
        "staff:batch_due_date": lambda: [sent_batch().pk],
        "staff:batch_mail": lambda: uncertain_mail(),
        "staff:campaign_new": lambda: [run().id],
        "staff:campaign": lambda: [campaign().pk],
        "staff:campaign_end": lambda: [campaign().pk],
        "staff:campaign_resumption": lambda: [campaign().pk],
        "staff:group_name": lambda: [last_group()],
        "staff:group_position": lambda: [last_group()],
        "staff:group_removal": lambda: [last_group()],
        "staff:preview_link_revocation": lambda: preview_link()[:2],
        "staff:preview_link_return": lambda: [*preview_link()[:2], uuid.uuid4()],
        "public_trial": lambda: preview_link()[2:],
        "staff:import_report": lambda: [brought()],
        "staff:import_report_csv": lambda: [brought()],
        "staff:import_commitment": lambda: [brought()],
        "staff:import_discarding": lambda: [brought()],
        **dict.fromkeys(
            ("staff:contact", "staff:contact_primary", "staff:contact_removal"), lambda: [contact_of("Dora Osei").pk]
        ),
        "staff:contact_return": lambda: [removed_contact().pk],
        "staff:custom_data_of": ["contact"],
        "staff:custom_field_new": ["contact"],
        **dict.fromkeys(
            ("staff:custom_field", "staff:custom_field_position", "staff:custom_field_archive"),
            lambda: [custom_field().pk],
        ),
        "staff:custom_field_return": lambda: [custom_field(archived=True).pk],
        "staff:site_edit": lambda: [Site.objects.get(account=northwind, name="Riverside").pk],
        "staff:site_removal": lambda: [Site.objects.get(account=northwind, name="Main Street").pk],
        "staff:accounts_reactivation": [uuid.uuid4()],
        **dict.fromkeys(
            (
                "staff:site_return",
                "staff:saved_view_return",
                "staff:person_return",
                "staff:settings_person_return",
                "staff:intake_form_return",
                "staff:brand_host_return",
                "staff:email_template_return",
            ),
            [uuid.uuid4()],
        ),
        "staff:announcement_resumption": lambda: [announced(""), uuid.uuid4()],
        "staff:account_announcement_resumption": lambda: [announced("Northwind"), uuid.uuid4()],
        "staff:account_restoration": lambda: [deleted_account().pk],
        **dict.fromkeys(
            ("staff:account_import_plan", "staff:account_import_doing", "staff:account_import_discarding"),
            lambda: [account_import().pk],
        ),
        "staff:account_import_undoing": lambda: [account_import(done=True).pk],
        "client:site": lambda: [Site.objects.get(account=northwind, name="Riverside").pk],
        "staff:person": lambda: [membership_of("dora").id],
        "staff:person_invitation": lambda: [membership_of("dora").id],
        "staff:person_removal": lambda: [membership_of("dora").id],
        "staff:person_access": lambda: [membership_of("dora").id],
        "staff:person_ability": lambda: [membership_of("dora").id],
        **{
            f"staff:settings_person{name}": lambda: [cast.person("dora").pk]
            for name in (
                "",
                "_accounts",
                "_offboarding",
                "_admin",
                "_deactivation",
                "_reactivation",
                "_sessions",
                "_second_factor",
                "_password",
            )
        },
        **{
            f"staff:settings_person_{name}": lambda: [cast.person("dora").pk, membership_of("dora").id]
            for name in ("role", "role_end", "invitation")
        },
        "client:access_request": lambda: [kept_for_nobody().definition_id],
        "staff:library_switch": lambda: [shelf[0].id],
        "staff:library_restoration": [uuid.uuid4()],
        "staff:library_audience": lambda: [shelf[0].id],
        "staff:access_grant": lambda: [access_request().pk],
        "staff:access_refusal": lambda: [access_request().pk],
        "staff:audit_entry": lambda: [AuditEntry.objects.filter(organization=cast.organization()).first().pk],
        "staff:library_assignment": lambda: [shelf[0].id],
        "staff:library_removal": lambda: [shelf[0].id],
        "staff:run_people": lambda: [run().id],
        "staff:run_additions": lambda: [run().id],
        "staff:run_invitations": lambda: [run().id],
        "staff:run_reminders": lambda: [run().id],
        "staff:run_restoration": lambda: [run().id, uuid.uuid4()],
        "staff:run_links": lambda: [run().id],
        "staff:run_link_revocation": lambda: shared_link()[:2],
        "staff:run_link_return": lambda: [*shared_link()[:2], uuid.uuid4()],
        "staff:run_person_sections": lambda: asked(),
        "staff:run_person_stop": lambda: asked(),
        "staff:run_person_resumption": lambda: asked(),
        "staff:run_person_removal": lambda: asked(),
        "staff:run_person_link": lambda: asked(),
        "guest_link": lambda: shared_link()[2:],
        "staff:assessment": lambda: [run("submitted").id],
        "staff:explanation": lambda: [run("submitted").id, "overall"],
        "staff:answer_explanation": lambda: [run("submitted").id, *OF_A_SCORE],
        "client:report": lambda: [report()[1]],
        "client:report_file": lambda: [report()[1], "csv"],
        "staff:report_enabling": lambda: [report_template()],
        "staff:run_reports": lambda: [run("submitted").id],
        "staff:report_making": lambda: [report()[0], report_template()],
        "staff:report": lambda: report(),
        "staff:report_file": lambda: [*report(), "csv"],
        "staff:report_drawing": lambda: report(),
        "staff:report_sharing": lambda: report(),
        "staff:report_link_revocation": lambda: shared_report()[:3],
        "staff:report_link_return": lambda: [*shared_report()[:3], uuid.uuid4()],
        "shared_report": lambda: shared_report()[3:],
        "shared_report_file": lambda: [*shared_report()[3:], "csv"],
        "staff:report_template": lambda: [report_template()],
        "staff:report_template_export": lambda: [report_template()],
        "staff:report_template_activation": lambda: [report_template()],
        "staff:report_template_default": lambda: [report_template()],
        "staff:report_template_copy": lambda: [report_template()],
        "staff:report_template_removal": lambda: [report_template()],
        "staff:report_template_preview": lambda: [report_template()],
        "staff:report_section_addition": lambda: [report_template()],
        "staff:report_section_return": lambda: [report_template()],
        "staff:report_section": lambda: [report_template(), report_section()],
        "staff:report_section_preview": lambda: [report_template(), report_section()],
        "staff:report_section_position": lambda: [report_template(), report_section()],
        "staff:report_section_removal": lambda: [report_template(), report_section()],
        "staff:release": lambda: [run("submitted").id],
        "staff:reopening": lambda: [run("released").id],
        "staff:closing": lambda: [run().id],
        "staff:run_submission": lambda: [run("complete").id],
        "staff:run_setup": lambda: [run().id],
        "staff:deletion": lambda: [run().id],
        "staff:restoration": lambda: [deleted_run().id],
        "staff:answer_on_behalf": lambda: [run().id, first_question()],
        "staff:answer_history": lambda: [run("submitted").id, first_question()],
        "staff:run_review": lambda: [run("submitted").id],
        "staff:review_rule": lambda: [run("submitted").id],
        "staff:verdict": lambda: [run("submitted").id, first_question()],
        "staff:clarification": lambda: [run("submitted").id, first_question()],
        "staff:clarification_resolution": lambda: asked_about(),
        "staff:section_acceptance": lambda: [run("submitted").id, first_section()],
        "staff:note": lambda: [run("submitted").id, first_section(), "gaps"],
        "client:clarification": lambda: asked_about(),
        "client:run_comparison": lambda: [run("released").id],
        "client:action_state": lambda: list(of_action("released")[1:]),
        "client:action_undo": [uuid.uuid4()],
        "staff:brand_preview": ["home"],
        "staff:brand_restoration": lambda: [brand_version()],
        "staff:brand_host_check": lambda: [claimed_host()],
        "staff:brand_host_removal": lambda: [claimed_host()],
        "brand_picture": lambda: [brand_picture()],
        "staff:run_findings": lambda: [run("submitted").id],
        "staff:run_comparison": lambda: [run("submitted").id],
        "staff:finding_new": lambda: [run("submitted").id],
        "staff:finding": lambda: list(of_action()[:2]),
        "staff:finding_state": lambda: list(of_action()[:2]),
        "staff:finding_states": lambda: [run("submitted").id],
        "staff:finding_removal": lambda: list(of_action()[:2]),
        "staff:finding_undo": lambda: [run("submitted").id, uuid.uuid4()],
        "staff:finding_action_new": lambda: list(of_action()[:2]),
        "staff:finding_action": lambda: list(of_action()),
        "staff:finding_action_state": lambda: list(of_action()),
        "staff:finding_action_removal": lambda: list(of_action()),
        "staff:finding_action_undo": lambda: [run("submitted").id, uuid.uuid4()],
        **{
            f"staff:{area}announcement{end}": (
                lambda area=area, end=end: [announced("Northwind" if area else "", removed=end == "_restoration")]
            )
            for area in ("", "account_")
            for end in ("", "_end", "_removal", "_restoration")
        },
        "staff:dashboard_undo": lambda: [arranged("Northwind")],
        "staff:dashboard_restoration": lambda: [arranged("Northwind")],
        "staff:home_default_undo": lambda: [arranged()],
        "staff:home_default_restoration": lambda: [arranged()],
        "client:notification": lambda: [told("priya").pk],
        "client:notification_reading": lambda: [told("priya").pk],
        "staff:notification": lambda: [told("sam").pk],
        "staff:notification_reading": lambda: [told("sam").pk],
        **{
            f"staff:email_template{what}": ["accounts.invitation", "en"]
            for what in ("", "_activation", "_deactivation", "_reset", "_test", "_check", "_preview")
        },
    }.get(name, [])
    if callable(ids):
        ids = ids()
    if name in OF_A_DRAFT:
        definition = draft_of("ransomware-readiness")
        args: list = OF_A_DRAFT[name]
        if args == ["last"]:
            args = [last_change_of(definition)]
        if args == ["child"]:
            args = [child_of(definition)]
        return reverse(name, args=[definition, *args])
    if name in OF_A_DEFINITION:
        return reverse(name, args=[shelf[0].id])
    if name == "brand_css":
        return reverse(name, args=["3452d1"])
    if not of_an_account(name):
        return reverse(name, args=ids)
    return reverse(name, args=[northwind.id, *ids])


def brand_version() -> int:
    """This will save the brand once, and return the number of the version before."""
    ada = cast.viewer("ada")
    return branding.save(by=ada, seen=0, values={"tab_title": "Harbor"}) - 1


def brand_picture() -> uuid.UUID:
    """This will keep a picture of the brand, and return its id."""
    return branding.add_picture(by=cast.viewer("ada"), slot="favicon", made=Made(b"a picture", 16, 16)).pk


def claimed_host() -> uuid.UUID:
    """This will claim a host name, and return the claim's id."""
    return hosts.claim(by=cast.viewer("ada"), host="portal.harbor.example").id


def run(stage: str = "started") -> Assessment:
    """This will take a run of Priya's as far as the route needs it, through the product's own actions."""
    priya, sam = cast.viewer("priya", "Northwind"), cast.viewer("sam", "Northwind")
    definition = Definition.objects.get(key="vendor-risk")
    assessment = assessments.launch(by=priya, definition=definition, another=True)
    if stage == "started":
        return assessment
    cast.answer_everything(by=priya, assessment=assessment)
    if stage == "complete":
        return assessment
    assessment = assessments.submit(by=priya, assessment=assessment)
    return assessments.release(by=sam, assessment=assessment) if stage == "released" else assessment


def asked() -> list:
    """This will ask somebody without a login to answer, and return what stands in their address."""
    started = run()
    [one] = respondents.add(by=cast.viewer("sam", "Northwind"), run=started, people=[Person("Ann", "ann@example.com")])
    return [started.pk, one.pk]


def shared_link() -> list:
    """This will share a link, and return its run, its id and its token."""
    started = run()
    link, token = guest_links.share(by=cast.viewer("sam", "Northwind"), run=started)
    return [started.pk, link.pk, token]


def drafted_batch() -> BatchDraft:
    """This will let Sam think about a batch for one person of Northwind."""
    setup = Setup(definition=str(Definition.objects.get(key="vendor-risk").pk), who="paste")
    by, row = cast.viewer("sam", "Northwind"), Row(1, "Ann", "ann@example.com")
    return batches.keep(by=by, account=cast.account("Northwind"), setup=setup, rows=[row])


def sent_batch() -> Batch:
    """This will send that batch."""
    draft, by = drafted_batch(), cast.viewer("sam")
    return batches.create(by=by, draft=draft, seen=batch_plan.plan(by, draft).token)


def uncertain_mail() -> list:
    """This will send a batch, and return its id and that of an invitation nobody is certain about."""
    sent = sent_batch()
    batches.invite_some(by=cast.viewer("sam"), batch=sent)
    mail = Mail.objects.get(about__in=Respondent.objects.filter(assessment__batch=sent).values("pk"))
    Mail.objects.filter(pk=mail.pk).update(state=MailState.UNKNOWN)
    return [sent.pk, mail.pk]


def campaign() -> Campaign:
    """This will let a run of Northwind's come back."""
    return campaigns.begin(by=cast.viewer("sam", "Northwind"), run=run(), every_months=3)


def first_section() -> str:
    return cast.document("vendor-risk").sections[0].key


def deleted_account() -> Account:
    """This will delete an account nobody is in."""
    ada = cast.viewer("ada")
    gone = accounts.create(by=ada, name="Long gone")
    accounts.delete(by=ada, account=gone, typed_name=gone.name)
    return gone


def account_import(done: bool = False) -> AccountImport:
    """This will bring in a list of accounts; `done`, and import it."""
    sheet = account_sheets.sheet_of([(1, ["Name"]), (2, ["Brought in"])], [])
    ada = cast.viewer("ada")
    proposed = account_imports.propose(by=ada, file_name="list.csv", sheet=sheet)
    if done:
        seen = account_imports.plan_of(ada, proposed).token
        return account_imports.apply(by=ada, proposed=proposed, seen=seen)
    return proposed


def deleted_run() -> Assessment:
    """This will delete a run; who asks for it back finds it."""
    gone = run()
    assessments.delete(by=cast.viewer("ada", "Northwind"), assessment=gone)
    return gone


def asked_about() -> list[uuid.UUID]:
    """This will ask Priya about an answer of hers, and return the ids of the run and of the question."""
    of_run = run("submitted")
    by = cast.viewer("sam", "Northwind")
    asked = clarifications.ask(by=by, assessment=of_run, question_key=first_question(), text="Since when?")
    return [of_run.id, asked.id]


def report_template() -> uuid.UUID:
    """This will return the organization's default report template."""
    return ReportTemplate.objects.get(organization=cast.organization(), is_default=True).id


def report_section() -> str:
    return ReportTemplate.objects.get(pk=report_template()).sections[2]["key"]


def report() -> list[uuid.UUID]:
    """This will release a run with its report enabled, and return the ids of both."""
    template = ReportTemplate.objects.get(pk=report_template())
    reports.enable(
        by=cast.viewer("sam", "Northwind"), account=cast.account("Northwind"), template=template, enabled=True
    )
    released = run("released")
    return [released.id, Report.objects.get(assessment=released).id]


def shared_report() -> list:
    """This will share a report, and return the ids of run, report and link, and the token."""
    ids = report()
    made = Report.objects.select_related("account", "assessment").get(pk=ids[1])
    link, token = report_links.create(by=cast.viewer("sam", "Northwind"), report=made, days=3)
    return [*ids, link.id, token]


def of_file() -> tuple[uuid.UUID, uuid.UUID]:
    """This will attach a file to an open run, and return the ids of both."""
    open_one = run()
    content = SimpleUploadedFile("list.txt", b"Our suppliers")
    by = cast.viewer("priya", "Northwind")
    added = uploads.add(by=by, assessment=open_one, question_key="over-list", purpose="evidence", file=content)
    return open_one.id, added.id


def of_action(stage: str = "submitted") -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
    """This will add a finding with an action nobody owns, and return the ids of run, finding and action."""
    sam, submitted = cast.viewer("sam", "Northwind"), run("submitted")
    found = findings.create(by=sam, assessment=submitted, title="Something weak", severity="low")
    action = finding_actions.add(by=sam, finding=found, title="Mend it")
    if stage == "released":
        assessments.release(by=sam, assessment=submitted)
    return submitted.id, found.id, action.id


def brought() -> uuid.UUID:
    """This will let Sam bring a file that nobody has decided about yet, and return its id."""
    data = cast.document("vendor-risk").to_data() | {"key": "vendor-risk-of-sam"}
    imported = Imported("own", data, [])
    return imports.propose(by=cast.viewer("sam"), file_name="vendor-risk.json", imported=imported).id


def draft_of(key: str) -> uuid.UUID:
    """This will begin a draft of a published definition, with one sample, and return the definition's id."""
    definition = Definition.objects.get(key=key)
    version = definitions.start_version(by=cast.viewer("ada"), definition=definition)
    sample = {"key": "strong", "name": "Strong", "answers": {}, "expected": {"overall": 0}}
    drafts.change(by=cast.viewer("ada"), version=version, change=drafts.Change("add", "sample:strong", sample))
    return definition.id


def last_change_of(definition: uuid.UUID) -> uuid.UUID:
    return DraftChange.objects.filter(version__definition=definition).latest("revision").id


def child_of(definition: uuid.UUID) -> uuid.UUID:
    """This will link another definition as a child of this one's draft, and return its id."""
    child = Definition.objects.get(key="business-continuity")
    links.link(by=cast.viewer("ada"), parent=Definition.objects.get(pk=definition), child=child)
    return child.id


def last_group() -> uuid.UUID:
    return Group.objects.filter(organization=cast.organization()).latest("position").id


def preview_link() -> list:
    """This will make a preview link, and return its definition's id, its own id and its token."""
    definition = Definition.objects.get(key="vendor-risk")
    link, token = preview_links.create(by=cast.viewer("sam"), definition=definition, days=3)
    return [definition.id, link.id, token]


def contact_of(name: str) -> Contact:
    return Contact.objects.select_related("account").get(account=cast.account("Northwind"), name=name)


def removed_contact() -> Contact:
    contacts.remove(by=cast.viewer("ada"), contact=contact_of("Dora Osei"))
    return contact_of("Dora Osei")


def custom_field(archived: bool = False) -> CustomField:
    """This will make a field that can be moved up or, brought back, can come back."""
    by = cast.viewer("ada")
    custom_fields.add(by=by, on="contact", label="First", type="text")
    field = custom_fields.add(by=by, on="contact", label="Second", type="text")
    if archived:
        custom_fields.archive(by=by, field=field)
    return field


def membership_of(name: str) -> Membership:
    return Membership.objects.get(user=cast.person(name))


def first_question() -> str:
    return cast.document("vendor-risk").questions()[0].key


def verdict(response: HttpResponse) -> str:
    location = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""
    if "/account/login/" in location:
        assert response.status_code in (302, 401)
        return "in"
    if response.status_code == 302 and "/preview/?" in location:
        return "ask"
    if response.status_code == 204 and "/preview/?" in location:
        return "ask"  # a part of a page cannot be the question, so the whole browser goes there
    return str(response.status_code) if response.status_code in (403, 404) or response.status_code >= 500 else "ok"


def everything() -> list[tuple]:
    """This will fingerprint every row the organization can see, so that a denied request can be shown to change none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = 'tenant' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall()]
        parts = [
            f"SELECT '{table}', count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t"  # noqa: S608
            for table in tables
        ]
        cursor.execute(" UNION ALL ".join(parts))
        return cursor.fetchall()


def without_request_id(response: HttpResponse) -> bytes:
    request_id = response.headers.get("X-Request-ID", "")
    return response.content.replace(request_id.encode(), b"") if request_id else response.content
