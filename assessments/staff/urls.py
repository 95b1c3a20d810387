from .account_urls import urlpatterns as account
from .batch_urls import urlpatterns as batches
from .campaign_urls import urlpatterns as campaigns
from .findings_urls import urlpatterns as findings
from .list_urls import urlpatterns as lists
from .people_urls import urlpatterns as people
from .report_urls import urlpatterns as reports
from .review_urls import urlpatterns as review
from .spread_urls import urlpatterns as spread

urlpatterns = [*account, *batches, *campaigns, *findings, *lists, *people, *reports, *review, *spread]
