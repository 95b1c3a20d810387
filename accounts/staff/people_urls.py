from django.urls import path

from . import access_views, organization_people_views, people_views

_PEOPLE = "accounts/<uuid:account>/people/"
_PERSON = f"{_PEOPLE}<uuid:membership>/"
_SETTINGS = "settings/people/"
_LOGIN = f"{_SETTINGS}<uuid:user>/"
_ROLE = f"{_LOGIN}roles/<uuid:membership>/"

urlpatterns = [
    path(_PEOPLE, people_views.people, name="people"),
    path(f"{_PEOPLE}new/", people_views.person_new, name="person_new"),
    path(f"{_PEOPLE}why/", access_views.access_question, name="access_question"),
    path(f"{_PEOPLE}review/", access_views.review, name="access_review"),
    path(f"{_PEOPLE}review.csv", access_views.review_csv, name="access_review_csv"),
    path(f"{_PEOPLE}review/confirmation/", access_views.review_confirmation, name="access_review_confirmation"),
    path(f"{_PEOPLE}return/<uuid:step>/", people_views.person_return, name="person_return"),
    path(_PERSON, people_views.person, name="person"),
    path(f"{_PERSON}access/", people_views.person_access, name="person_access"),
    path(f"{_PERSON}abilities/", people_views.person_ability, name="person_ability"),
    path(f"{_PERSON}removal/", people_views.person_removal, name="person_removal"),
    path(f"{_PERSON}invitation/", people_views.person_invitation, name="person_invitation"),
    path(_SETTINGS, organization_people_views.settings_people, name="settings_people"),
    path("settings/people.csv", organization_people_views.settings_people_csv, name="settings_people_csv"),
    path(f"{_SETTINGS}new/", organization_people_views.settings_person_new, name="settings_person_new"),
    path(
        f"{_SETTINGS}return/<uuid:step>/",
        organization_people_views.settings_person_return,
        name="settings_person_return",
    ),
    path(_LOGIN, organization_people_views.settings_person, name="settings_person"),
    path(f"{_LOGIN}accounts/", organization_people_views.settings_person_accounts, name="settings_person_accounts"),
    path(_ROLE, organization_people_views.settings_person_role, name="settings_person_role"),
    path(f"{_ROLE}removal/", organization_people_views.settings_person_role_end, name="settings_person_role_end"),
    path(
        f"{_ROLE}invitation/", organization_people_views.settings_person_invitation, name="settings_person_invitation"
    ),
    path(f"{_LOGIN}admin/", organization_people_views.settings_person_admin, name="settings_person_admin"),
    path(
        f"{_LOGIN}deactivation/",
        organization_people_views.settings_person_deactivation,
        name="settings_person_deactivation",
    ),
    path(
        f"{_LOGIN}reactivation/",
        organization_people_views.settings_person_reactivation,
        name="settings_person_reactivation",
    ),
    path(
        f"{_LOGIN}second-factor/",
        organization_people_views.settings_person_second_factor,
        name="settings_person_second_factor",
    ),
    path(f"{_LOGIN}sessions/", organization_people_views.settings_person_sessions, name="settings_person_sessions"),
    path(f"{_LOGIN}password/", organization_people_views.settings_person_password, name="settings_person_password"),
    path(
        f"{_LOGIN}offboarding/",
        organization_people_views.settings_person_offboarding,
        name="settings_person_offboarding",
    ),
]
