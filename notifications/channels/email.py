"""Email: text and HTML with the chart inside, one thread a run.

The tree is multipart/alternative (text first), whose HTML part is multipart/related with the picture by Content-ID;
Gmail and Outlook strip SVG and data: addresses, so it is a PNG.
"""

from __future__ import annotations

import smtplib
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail.backends.smtp import EmailBackend
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from notifications.channels.errors import AddressError, SendError
from notifications.channels.types import Address, Message, Sent

MOST_ADDRESSES = 20


def check(address: Address) -> None:
    """Raises AddressError."""
    recipients = addresses(address.address)
    if not recipients:
        raise AddressError("address", _("Write at least one address, for example team@example.org."))
    if len(recipients) > MOST_ADDRESSES:
        raise AddressError("address", _("Write at most %(count)d addresses.") % {"count": MOST_ADDRESSES})
    for recipient in recipients:
        try:
            validate_email(recipient)
        except ValidationError as problem:
            error = _("“%(address)s” is no mail address.") % {"address": recipient}
            raise AddressError("address", error) from problem


def addresses(text: str) -> list[str]:
    """What is separated by commas, semicolons, blanks or line ends."""
    return text.replace(",", " ").replace(";", " ").split()


def send(address: Address, message: Message) -> Sent:
    """Raises SendError. A mail that one of several recipients is refused counts as sent, and the answer says so."""
    if not settings.EMAIL_CONFIGURED:
        reason = _("This server sends no mail: set EMAIL_URL and start it again, then try again.")
        raise SendError("no mail server", reason=reason, permanent=True)
    mail = compose(message, addresses(address.address))
    backend = EmailBackend(fail_silently=False)
    try:
        backend.open()
        # Straight to smtplib, because Django's own message class cannot put a picture into the HTML part.
        connection = cast(smtplib.SMTP, backend.connection)
        refused = connection.send_message(mail, settings.DEFAULT_FROM_EMAIL, addresses(address.address))
    except (smtplib.SMTPException, OSError) as problem:
        raise _error(problem) from problem
    finally:
        backend.close()
    return Sent(external_id=str(mail["Message-ID"]), status="250", answer=_refusals(refused) or "accepted")


def compose(message: Message, recipients: list[str]) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = _one_line(message.title)
    mail["From"] = Mailbox("Debrief", addr_spec=parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    mail["To"] = ", ".join(recipients)
    mail["Date"] = formatdate()
    # Made from the delivery, so that a second try of it is the same mail to whoever got the first.
    mail["Message-ID"] = f"<debrief-{message.reference}@{_domain()}>"
    if message.in_reply_to:
        mail["In-Reply-To"] = mail["References"] = message.in_reply_to
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation answers
    mail["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
    mail["X-Debrief-Delivery"] = message.reference
    mail.set_content(plain_text(message))
    picture = f"chart-{message.reference}@{_domain()}" if message.chart else ""
    html = render_to_string("notifications/mail.html", {"message": message, "picture": picture})
    mail.add_alternative(html, subtype="html")
    if message.chart is not None:
        related = cast(EmailMessage, list(mail.iter_parts())[1])
        related.add_related(
            message.chart, "image", "png", cid=f"<{picture}>", filename="chart.png", disposition="inline"
        )
    return mail


def plain_text(message: Message) -> str:
    parts = [message.title, message.text]
    if message.fields:
        parts.append("\n".join(f"{name}: {value}" for name, value in message.fields))
    if message.log:
        parts.append("\n".join(f"    {line}" for line in message.log))
    if message.chart is not None and message.chart_alt:
        parts.append(f"[{message.chart_alt}]")
    parts += message.notes
    parts.append(f"{message.link_text}: {message.link}")
    if message.footer:
        parts.append(f"-- \n{message.footer}\n{message.footer_link}")
    return "\n\n".join(part for part in parts if part) + "\n"


def _one_line(text: str) -> str:
    """A header holds no line ends; the library would refuse them."""
    return " ".join(text.split())[:250]


def _domain() -> str:
    return urlsplit(settings.SITE_URL).hostname or "debrief.invalid"


def _error(problem: Exception) -> SendError:
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        codes = {code for code, _answer in problem.recipients.values()}
        answer = _refusals(problem.recipients)
        return _of_code(max(codes) if min(codes) >= 500 else min(codes), answer, is_address=True)
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        # The server's own account is wrong: that is for its operator, the recipients are fine.
        reason = _("The mail server refused our user name or password: check EMAIL_URL.")
        return SendError(str(problem.smtp_code), _decoded(problem.smtp_error), reason=reason)
    if isinstance(problem, smtplib.SMTPResponseException):
        return _of_code(problem.smtp_code, _decoded(problem.smtp_error), is_address=False)
    answer = f"{type(problem).__name__}: {problem}"
    if isinstance(problem, TimeoutError):
        return SendError("timed out", answer, reason=_("The mail server did not answer in time."))
    if isinstance(problem, smtplib.SMTPNotSupportedError):
        reason = _("The mail server cannot do what EMAIL_URL asks for, for example TLS.")
        return SendError("not supported", answer, reason=reason, permanent=True)
    return SendError("no connection", answer, reason=_("The mail server could not be reached."))


def _of_code(code: int, answer: str, *, is_address: bool) -> SendError:
    """4xx: come back later. 5xx: never; about a recipient, that address is broken, about the mail, only this one."""
    if 400 <= code < 500 or code < 0:
        return SendError(str(code), answer, reason=_("The mail server asks to try again later."))
    if is_address:
        reason = _("The mail server refuses the address. Correct it, or ask its owner.")
        return SendError(str(code), answer, reason=reason, pauses=True)
    return SendError(str(code), answer, reason=_("The mail server refuses this mail."), permanent=True)


def _refusals(refused: dict[str, tuple[int, bytes]]) -> str:
    return "; ".join(f"{address}: {code} {_decoded(answer)}" for address, (code, answer) in refused.items())


def _decoded(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
