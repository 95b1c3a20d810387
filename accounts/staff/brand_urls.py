from django.urls import path

from . import brand_views, words_views

urlpatterns = [
    path("settings/branding/", brand_views.brand, name="branding"),
    path("settings/branding/preview/<slug:screen>/", brand_views.brand_preview, name="brand_preview"),
    path("settings/branding/history/", brand_views.brand_versions, name="brand_versions"),
    path(
        "settings/branding/history/<int:number>/restoration/",
        brand_views.brand_restoration,
        name="brand_restoration",
    ),
    path("settings/branding/hosts/", brand_views.brand_hosts, name="brand_hosts"),
    path("settings/branding/hosts/<uuid:claim>/check/", brand_views.brand_host_check, name="brand_host_check"),
    path("settings/branding/hosts/<uuid:host>/removal/", brand_views.brand_host_removal, name="brand_host_removal"),
    path("settings/branding/hosts/return/<uuid:step>/", brand_views.brand_host_return, name="brand_host_return"),
    path("settings/words/", words_views.words, name="words"),
]
