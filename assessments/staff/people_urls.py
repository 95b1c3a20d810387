from django.urls import path

from . import people, people_links

_PEOPLE = "accounts/<uuid:account>/assessments/<uuid:assessment>/people/"

urlpatterns = [
    path(_PEOPLE, people.run_people, name="run_people"),
    path(f"{_PEOPLE}additions/", people.run_additions, name="run_additions"),
    path(f"{_PEOPLE}invitations/", people.run_invitations, name="run_invitations"),
    path(f"{_PEOPLE}reminders/", people.run_reminders, name="run_reminders"),
    path(f"{_PEOPLE}restorations/<uuid:removal>/", people.run_restoration, name="run_restoration"),
    path(f"{_PEOPLE}links/", people_links.run_links, name="run_links"),
    path(f"{_PEOPLE}links/<uuid:link>/revocation/", people_links.run_link_revocation, name="run_link_revocation"),
    path(f"{_PEOPLE}links/<uuid:link>/return/<uuid:step>/", people_links.run_link_return, name="run_link_return"),
    path(f"{_PEOPLE}<uuid:respondent>/sections/", people.person_sections, name="run_person_sections"),
    path(f"{_PEOPLE}<uuid:respondent>/stop/", people.person_stop, name="run_person_stop"),
    path(f"{_PEOPLE}<uuid:respondent>/resumption/", people.person_resumption, name="run_person_resumption"),
    path(f"{_PEOPLE}<uuid:respondent>/removal/", people.person_removal, name="run_person_removal"),
    path(f"{_PEOPLE}<uuid:respondent>/link/", people_links.person_link, name="run_person_link"),
]
