from django.urls import path

from . import campaign_views

urlpatterns = [
    path("accounts/<uuid:account>/campaigns/", campaign_views.campaign_list_page, name="campaigns"),
    path("accounts/<uuid:account>/campaigns/<uuid:campaign>/", campaign_views.campaign, name="campaign"),
    path("accounts/<uuid:account>/campaigns/<uuid:campaign>/end/", campaign_views.campaign_end, name="campaign_end"),
    path(
        "accounts/<uuid:account>/campaigns/<uuid:campaign>/resumption/",
        campaign_views.campaign_resumption,
        name="campaign_resumption",
    ),
    path(
        "accounts/<uuid:account>/assessments/<uuid:assessment>/campaign/",
        campaign_views.campaign_new,
        name="campaign_new",
    ),
]
