from django.urls import path

from . import spread_views

RUN = "accounts/<uuid:account>/assessments/<uuid:assessment>/"

urlpatterns = [
    path(f"{RUN}spread/", spread_views.run_spread, name="run_spread"),
    path(f"{RUN}combination/", spread_views.combination, name="combination"),
]
