from .lists_urls import urlpatterns as lists
from .taking_urls import urlpatterns as taking

urlpatterns = [*lists, *taking]
