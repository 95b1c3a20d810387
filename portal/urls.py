import allauth.account.urls
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

import accounts.client.access_urls
import accounts.client.notification_urls
import accounts.client.urls
import accounts.profile.urls
import accounts.staff.announcement_urls
import accounts.staff.brand_urls
import accounts.staff.people_urls
import accounts.staff.urls
import assessments.client.urls
import assessments.staff.urls
import library.client.urls
import library.staff.urls
import portal.client.urls
import portal.search.urls
import portal.staff.urls
from accounts.client.intake_views import intake_form, intake_sent
from accounts.mail.mail_events import mail_events
from assessments.client.guest_views import guest_link
from assessments.client.shared_reports import shared_report, shared_report_file
from library.client.trial_views import public_trial
from portal import doors, home, operators
from portal.web.styleguide import styleguide

# One namespace for each area, whichever app a page lives in.
client = [
    *portal.client.urls.urlpatterns,
    *accounts.client.notification_urls.urlpatterns,
    *portal.search.urls.client,
    *accounts.client.urls.urlpatterns,
    *accounts.client.access_urls.urlpatterns,
    *library.client.urls.urlpatterns,
    *assessments.client.urls.urlpatterns,
]
staff = [
    *portal.staff.urls.urlpatterns,
    *portal.search.urls.staff,
    *accounts.staff.urls.urlpatterns,
    *accounts.staff.people_urls.urlpatterns,
    *accounts.staff.announcement_urls.urlpatterns,
    *accounts.staff.brand_urls.urlpatterns,
    *library.staff.urls.urlpatterns,
    *assessments.staff.urls.urlpatterns,
]

# People are found by the email they were invited under: nobody takes another one, which may be somebody else's tomorrow.
_TAKES_AN_EMAIL = {"account_email", "account_email_verification_sent", "account_confirm_email"}
sign_in = [route for route in allauth.account.urls.urlpatterns if route.name not in _TAKES_AN_EMAIL]

operators.guard(admin.site)

urlpatterns = [
    path("", home.home, name="home"),
    path("brand/<str:color>.css", home.brand_css, name="brand_css"),
    path("brand/pictures/<uuid:picture>.png", home.brand_picture, name="brand_picture"),
    path("portal/<uuid:account>/", include((client, "client"))),
    path("staff/", include((staff, "staff"))),
    path("try/<str:token>/", public_trial, name="public_trial"),
    path("notifications/", doors.notifications, name="notifications"),
    path("notifications/choices/", doors.notification_choices, name="notification_choices"),
    path("r/<str:token>/", guest_link, name="guest_link"),
    path("intake/", intake_form, name="intake"),
    path("intake/<slug:slug>/", intake_form, name="intake_form"),
    path("intake/<slug:slug>/sent/", intake_sent, name="intake_sent"),
    path("shared-report/<str:token>/", shared_report, name="shared_report"),
    path("shared-report/<str:token>/file.<str:ending>", shared_report_file, name="shared_report_file"),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/", include([*accounts.profile.urls.urlpatterns, *sign_in])),
    path("styleguide/", home.public_page(styleguide), name="styleguide"),
    path("operator/", admin.site.urls),
]
if settings.MAIL_SERVICE:
    urlpatterns.append(path("mail-events/", mail_events, name="mail_events"))

handler400 = "portal.web.errors.bad_request"
handler403 = "portal.web.errors.permission_denied"
handler404 = "portal.web.errors.page_not_found"
handler500 = "portal.web.errors.server_error"
