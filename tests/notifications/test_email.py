"""The mail channel, against a local mail server."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest
from pytest_django import Settings

from notifications.channels import email
from notifications.channels.errors import AddressError, SendError
from notifications.channels.types import Address
from tests.notifications.golden import assert_golden
from tests.notifications.moody_mail import MoodyMailServer
from tests.notifications.samples import FAILED, HUGE, PNG

HERE = Address("email", "team@example.org, lead@example.org")


def refusal() -> SendError:
    with pytest.raises(SendError) as caught:
        email.send(HERE, FAILED)
    return caught.value


def parts(mail: EmailMessage) -> dict[str, EmailMessage]:
    return {part.get_content_type(): part for part in mail.walk()}


def test_every_recipient_gets_one_mail(mail: MoodyMailServer) -> None:
    sent = email.send(HERE, FAILED)
    (received,) = mail.messages
    assert mail.recipients == [["team@example.org", "lead@example.org"]]
    assert received["Subject"] == "calm-otter-12 failed"
    assert received["From"] == "Debrief <debrief@example.org>"
    assert sent.external_id == received["Message-ID"] == "<debrief-17-20261120120000@testserver>"


def test_text_comes_first_and_the_chart_lies_inside_the_html(mail: MoodyMailServer) -> None:
    email.send(HERE, FAILED)
    received = mail.messages[0]
    assert [part.get_content_type() for part in received.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    picture = parts(received)["image/png"]
    assert picture.get_content() == PNG
    assert picture["Content-Disposition"].startswith("inline")
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in parts(received)["text/html"].get_content()


def test_both_parts_look_like_the_golden_files(mail: MoodyMailServer) -> None:
    email.send(HERE, FAILED)
    found = parts(mail.messages[0])
    for kind, name in (("text/plain", "mail_failed.txt"), ("text/html", "mail_failed.html")):
        assert_golden(name, found[kind].get_content().replace("\r\n", "\n"))


def test_a_mail_without_a_chart_has_no_picture(mail: MoodyMailServer) -> None:
    email.send(HERE, replace(FAILED, chart=None))
    assert "image/png" not in parts(mail.messages[0])


def test_a_huge_mail_arrives(mail: MoodyMailServer) -> None:
    email.send(HERE, HUGE)
    assert len(mail.messages[0]["Subject"]) <= 250


def test_nobody_answers_it_automatically_and_it_names_its_delivery(mail: MoodyMailServer) -> None:
    email.send(HERE, FAILED)
    received = mail.messages[0]
    assert received["Auto-Submitted"] == "auto-generated"
    assert received["X-Debrief-Delivery"] == "17-20261120120000"


def test_the_second_mail_about_a_run_joins_the_thread_of_the_first(mail: MoodyMailServer) -> None:
    first = email.send(HERE, FAILED)
    email.send(HERE, replace(FAILED, reference="18-x", in_reply_to=first.external_id))
    assert mail.messages[1]["In-Reply-To"] == mail.messages[1]["References"] == first.external_id


def test_a_title_with_a_line_end_cannot_add_headers(mail: MoodyMailServer) -> None:
    email.send(HERE, replace(FAILED, title="run\r\nBcc: everyone@example.org"))
    assert mail.messages[0]["Subject"] == "run Bcc: everyone@example.org"
    assert mail.messages[0]["Bcc"] is None


def test_what_a_run_is_called_is_no_markup(mail: MoodyMailServer) -> None:
    email.send(HERE, replace(FAILED, title="<script>alert(1)</script>"))
    assert "<script>" not in parts(mail.messages[0])["text/html"].get_content()


@pytest.mark.parametrize("answer", ["451 Try again later", "421 Too busy"])
def test_not_now_is_tried_again(mail: MoodyMailServer, answer: str) -> None:
    mail.answer = answer
    problem = refusal()
    assert (problem.status, problem.permanent) == (answer[:3], False)


def test_a_mail_that_is_refused_is_not_tried_again_but_pauses_nothing(mail: MoodyMailServer) -> None:
    mail.answer = "554 Spam"
    problem = refusal()
    assert (problem.status, problem.permanent, problem.pauses) == ("554", True, False)
    assert "Spam" in problem.answer


def test_addresses_that_are_all_refused_pause_the_channel(mail: MoodyMailServer) -> None:
    mail.refused = {"team@example.org": "550 No such user", "lead@example.org": "551 Moved"}
    problem = refusal()
    assert (problem.permanent, problem.pauses) == (True, True)
    assert "No such user" in problem.answer


def test_addresses_of_which_one_may_work_later_are_tried_again(mail: MoodyMailServer) -> None:
    mail.refused = {"team@example.org": "550 No such user", "lead@example.org": "450 Mailbox busy"}
    assert not refusal().permanent


def test_one_refused_address_of_two_does_not_stop_the_mail(mail: MoodyMailServer) -> None:
    mail.refused = {"lead@example.org": "550 No such user"}
    sent = email.send(HERE, FAILED)
    assert mail.recipients == [["team@example.org"]]
    assert sent.answer == "lead@example.org: 550 No such user"


def test_a_server_that_hangs_up_is_tried_again(mail: MoodyMailServer) -> None:
    mail.hangs_up = True
    problem = refusal()
    assert (problem.status, problem.permanent) == ("no connection", False)


def test_a_server_that_is_not_there_is_tried_again(mail: MoodyMailServer, settings: Settings) -> None:
    settings.EMAIL_PORT = 9
    assert refusal().status == "no connection"


def test_without_a_mail_server_the_reason_names_the_setting(settings: Settings) -> None:
    settings.EMAIL_CONFIGURED = False
    problem = refusal()
    assert (problem.permanent, problem.pauses) == (True, False)
    assert "EMAIL_URL" in problem.reason


@pytest.mark.parametrize("address", ["", "nobody", "a@example.org, b@", "a@b.c " * 30])
def test_addresses_that_cannot_work_are_refused(address: str) -> None:
    with pytest.raises(AddressError) as caught:
        email.check(Address("email", address))
    assert caught.value.field == "address"


def test_addresses_may_be_separated_in_several_ways() -> None:
    assert email.addresses("a@x.org, b@x.org;c@x.org\nd@x.org") == ["a@x.org", "b@x.org", "c@x.org", "d@x.org"]
