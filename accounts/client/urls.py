from django.urls import path

from . import company_views

urlpatterns = [
    path("company/", company_views.company, name="company"),
    path("sites/", company_views.sites, name="sites"),
    path("sites/<uuid:site>/", company_views.site, name="site"),
    path("colleagues/", company_views.colleagues, name="colleagues"),
]
