import allauth.account.urls
from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

import accounts.staff.urls
import assessments.client.urls
import assessments.staff.urls
import library.client.urls
import library.staff.urls
import portal.client.urls
import portal.staff.urls
from accounts.mail_events import mail_events
from assessments.client.guest_views import guest_link
from assessments.client.shared_reports import shared_report, shared_report_file
from library.client.trial_views import public_trial
from portal import home
from portal.web.styleguide import styleguide

# One namespace for each area, whichever app a page lives in.
client = [*portal.client.urls.urlpatterns, *library.client.urls.urlpatterns, *assessments.client.urls.urlpatterns]
staff = [
    *portal.staff.urls.urlpatterns,
    *accounts.staff.urls.urlpatterns,
    *library.staff.urls.urlpatterns,
    *assessments.staff.urls.urlpatterns,
]

# People are found by the e-mail they were invited under: nobody takes another one, which may be somebody else's tomorrow.
_TAKES_AN_EMAIL = {"account_email", "account_email_verification_sent", "account_confirm_email"}
sign_in = [route for route in allauth.account.urls.urlpatterns if route.name not in _TAKES_AN_EMAIL]

# Operators sign in where everybody does: Django's own form would take any number of guesses.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", home.home, name="home"),
    path("brand/<str:color>.css", home.brand_css, name="brand_css"),
    path("portal/<uuid:account>/", include((client, "client"))),
    path("staff/", include((staff, "staff"))),
    path("try/<str:token>/", public_trial, name="public_trial"),
    path("r/<str:token>/", guest_link, name="guest_link"),
    path("shared-report/<str:token>/", shared_report, name="shared_report"),
    path("shared-report/<str:token>/file.<str:ending>", shared_report_file, name="shared_report_file"),
    path("account/", include(sign_in)),
    path("styleguide/", home.public_page(styleguide), name="styleguide"),
    path("operator/", admin.site.urls),
]
if settings.MAIL_SERVICE:
    urlpatterns.append(path("mail-events/", mail_events, name="mail_events"))

handler400 = "portal.web.errors.bad_request"
handler403 = "portal.web.errors.permission_denied"
handler404 = "portal.web.errors.page_not_found"
handler500 = "portal.web.errors.server_error"
