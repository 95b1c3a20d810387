from django.contrib import admin
from django.urls import include, path

import accounts.staff.urls
import assessments.client.urls
import assessments.staff.urls
import library.client.urls
import library.staff.urls
import portal.client.urls
import portal.staff.urls
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

urlpatterns = [
    path("", home.home, name="home"),
    path("brand/<str:color>.css", home.brand_css, name="brand_css"),
    path("portal/<uuid:account>/", include((client, "client"))),
    path("staff/", include((staff, "staff"))),
    path("account/", include("allauth.account.urls")),
    path("styleguide/", home.public_page(styleguide), name="styleguide"),
    path("operator/", admin.site.urls),
]

handler400 = "portal.web.errors.bad_request"
handler403 = "portal.web.errors.permission_denied"
handler404 = "portal.web.errors.page_not_found"
handler500 = "portal.web.errors.server_error"
