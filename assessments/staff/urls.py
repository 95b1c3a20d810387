from .account_urls import urlpatterns as account
from .review_urls import urlpatterns as review

urlpatterns = [*account, *review]
