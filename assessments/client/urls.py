from .findings_urls import urlpatterns as findings
from .lists_urls import urlpatterns as lists
from .report_urls import urlpatterns as reports
from .taking_urls import urlpatterns as taking

urlpatterns = [*findings, *lists, *reports, *taking]
