"""The product's addresses and, on one machine only, the mailbox."""

from django.urls import include, path

from portal.urls import handler400, handler403, handler404, handler500
from portal.urls import urlpatterns as product

from . import mailbox

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

mail = [
    path("", mailbox.mailbox, name="mailbox"),
    path("<slug:key>/", mailbox.mail, name="mail"),
    path("<slug:key>/html/", mailbox.mail_html, name="mail_html"),
]

urlpatterns = [path("dev/mail/", include((mail, "embedded"))), *product]
