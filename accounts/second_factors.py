"""The second factor of a sign-in: an app's code or a key, as allauth keeps it; secrets encrypted, named after the portal."""

import base64
import hashlib
import time
from dataclasses import dataclass

import qrcode
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User

# In the session: when the person behind it was last found to have a second factor. They may take their last one away
# themselves, in this session or another, so it is looked up again after a while.
HELD = "second_factor"
HOLDS_FOR = 5 * 60


def is_missing(request: HttpRequest) -> bool:
    """This will say whether the signed-in person still has to set up what their role calls for: one query every five
    minutes at most for each session, none where nobody has to. A preview only reads, and leaves no mark."""
    if not is_asked_of_staff():
        return False
    now = int(time.time())
    if now - int(request.session.get(HELD, 0)) < HOLDS_FOR:
        return False
    if is_lacking(request.user):
        request.session.pop(HELD, None)
        return True
    request.session[HELD] = now
    return False


def is_asked_of_staff() -> bool:
    """This will say whether staff of this installation have to have a second factor."""
    return bool(settings.STAFF_SECOND_FACTOR)


def is_lacking(user: User | AnonymousUser) -> bool:
    """This will say whether a person has set up no second factor, in one query."""
    return not Authenticator.objects.filter(user=user).exists()


class SecondFactorAdapter(DefaultMFAAdapter):
    """allauth's second factors in this portal: the organization's name in the app, secrets unreadable in the database."""

    def _get_site_name(self) -> str:
        organization = getattr(context.request, "organization", None)
        return organization.name if organization else context.request.get_host()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """This will name a key whose owner gave it no name."""
        return _("Key %(n)d") % {"n": Authenticator.objects.filter(user=user, type=type).count() + 1}

    def encrypt(self, text: str) -> str:
        """This will encrypt a secret with a key made from the installation's own."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """This will read a secret back, also one written under an earlier key of the installation."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """This will draw nothing: the page draws the code itself, for its policy takes no picture written into an address."""
        return ""


@dataclass(frozen=True)
class Code:
    """A QR code to be drawn: `side` modules wide, margin included, the dark ones as the `d` of an SVG path."""

    side: int
    outline: str


def code_of(url: str) -> Code:
    """This will make the QR code of an address."""
    code = qrcode.QRCode(border=2)
    code.add_data(url)
    matrix = code.get_matrix()
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark)
    return Code(len(matrix), "".join(dark))


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"second-factor:" + str(key).encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
