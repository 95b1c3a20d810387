"""Handing a message to the mail server, and what became of it: exactly what is known, and no guess.

Only three things are certain: the server took it, the server refused it, or it was never asked. A line that breaks after
the text went out and before the server's answer leaves a fourth, which no machine may settle by trying again.
"""

import enum
import smtplib
from dataclasses import dataclass
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends import smtp


class Fate(enum.StrEnum):
    TAKEN = "taken"
    REFUSED = "refused"  # this address gets no mail, whoever asks
    LATER = "later"  # not taken this time
    UNCERTAIN = "uncertain"


@dataclass(frozen=True)
class Outcome:
    """What became of one message. `message_id` is the mail service's own, where it has one."""

    fate: Fate
    message_id: str = ""
    error: str = ""


class AnswerLost(Exception):
    """The server got the whole message, and its answer did not arrive."""


def hand_over(message: EmailMultiAlternatives) -> Outcome:
    """This will give one message to the mail server and say what became of it."""
    try:
        mailers.default.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        return _refused(error)
    except AnymailRecipientsRefused as error:
        return Outcome(Fate.REFUSED, _service_id(message), _words(error))
    except AnswerLost as error:
        return Outcome(Fate.UNCERTAIN, error=_words(error))
    except AnymailAPIError as error:
        return Outcome(Fate.LATER if _is_certain(error) else Fate.UNCERTAIN, error=_words(error))
    except (smtplib.SMTPException, AnymailError, OSError) as error:
        return Outcome(Fate.LATER, error=_words(error))
    return Outcome(Fate.TAKEN, _service_id(message))


def _refused(error: smtplib.SMTPRecipientsRefused) -> Outcome:
    """An address refused "for now" (4xx, greylisting) is tried again; one refused for good is not."""
    answers = [(code, text) for code, text in error.recipients.values()]
    words = "; ".join(f"{code} {_decoded(text)}" for code, text in answers)[:300]
    is_for_good = any(code >= 500 for code, _text in answers)
    return Outcome(Fate.REFUSED if is_for_good else Fate.LATER, error=words)


def _is_certain(error: AnymailAPIError) -> bool:
    """This will say whether the mail service answered, or was never reached: then nothing was sent."""
    cause = repr(error.__cause__ or error.__context__)
    return error.status_code is not None or any(sign in cause for sign in _NEVER_REACHED)


_NEVER_REACHED = ("ConnectTimeout", "NewConnectionError", "NameResolutionError")


def _service_id(message: EmailMultiAlternatives) -> str:
    status = getattr(message, "anymail_status", None)
    found = getattr(status, "message_id", None)
    return str(found)[:200] if isinstance(found, str) else ""


def _words(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def _decoded(text: Any) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else str(text)


class _TellsWhatIsCertain:
    """Tells a line that broke before the text was handed over from one that broke while or after it was."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        """This will send the text. Raises AnswerLost when the server's answer to it does not arrive."""
        try:
            return super().data(msg)  # type: ignore[misc]
        except smtplib.SMTPServerDisconnected as error:  # every broken or silent line is turned into this one
            raise AnswerLost(str(error)) from error


class _Plain(_TellsWhatIsCertain, smtplib.SMTP):
    pass


class _Encrypted(_TellsWhatIsCertain, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Django's SMTP backend, except that a lost answer is told apart from a lost line."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _Encrypted if self.use_ssl else _Plain
