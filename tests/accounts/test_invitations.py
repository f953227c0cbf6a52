"""Colleagues get in by an invitation: a link that works once, for a week, and gives what was meant (S10)."""

import json

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Invitation, Role, SecurityEvent, User
from accounts.refusals import InvitationIsOver, RoleBeyondOwn
from accounts.rights import Scope
from tests.filled import fill_in
from tests.jobs import letters, link_in
from tests.world import PASSWORD, person

LIST, JOIN = reverse("accounts:invitation_list"), reverse("accounts:join")
WHO = {"first_name": "Galina", "last_name": "Ershova", "password": PASSWORD, "language": "en"}


@pytest.fixture
def manager(company):
    return Role.objects.get(code="manager")


@pytest.fixture
def invitation(admin, manager, team):
    return Invitation.objects.invite(email="galina@example.com", role=manager, team=team, by=admin)


def opened(invitation, client=None):
    """A browser in which the link of `invitation` was opened."""
    client = client or Client()
    assert client.get(reverse("accounts:invitation_open", args=[invitation.token])).status_code == 302
    return client


def invite(client, **changes):
    return fill_in(client, LIST, form="invite-form", **changes)


def join(browser, changes=None, **more):
    return fill_in(browser, JOIN, changes or WHO, form="join-form", **more)


def is_over(answer):
    return answer.status_code == 404 and "This invitation no longer works" in answer.text


def test_an_admin_invites_and_the_invited_is_in_with_role_and_team(logged_in, admin, manager, team):
    client = logged_in(admin)
    page = invite(client, email="Galina@Example.com", role=manager.pk, team=team.pk, follow=True)
    assert "galina@example.com" in page.text
    [letter] = letters()
    assert letter.to == ["galina@example.com"]
    browser = Client()
    assert browser.get(link_in(letter), follow=True).redirect_chain == [(JOIN, 302)]
    answer = join(browser)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    galina = User.objects.get(email="galina@example.com")
    assert browser.session["_auth_user_id"] == str(galina.pk)
    assert (galina.role, galina.team, galina.full_name) == (manager, team, "Galina Ershova")
    assert Client().login(email=galina.email, password=PASSWORD)
    kinds = SecurityEvent.objects.order_by("id").values_list("kind", flat=True)
    assert [kind for kind in kinds if kind in ("invited", "joined", "logged_in")] == [
        "invited",
        "joined",
        "logged_in",
    ]


def test_a_link_that_is_used_withdrawn_late_or_made_up_leads_to_one_same_page(admin, invitation, manager):
    used = Invitation.objects.invite(email="used@example.com", role=manager, by=admin)
    gone = Invitation.objects.invite(email="gone@example.com", role=manager, by=admin)
    join(opened(used))
    gone.withdraw(by=admin)
    tokens = [used.token, gone.token, f"{invitation.pk}-0", "1-x", "x", "99999999999999999999-0"]
    answers = [Client().get(reverse("accounts:invitation_open", args=[token])) for token in tokens]
    with time_machine.travel(invitation.expires_at, tick=False):
        answers.append(Client().get(reverse("accounts:invitation_open", args=[invitation.token])))
    answers.append(Client().get(JOIN))
    texts = {answer.text.split("csrfmiddlewaretoken")[0] for answer in answers}
    assert all(is_over(answer) for answer in answers)
    assert len(texts) == 1


def test_two_browsers_with_one_link_make_one_person(invitation):
    first, second = opened(invitation), opened(invitation)
    page = second.get(JOIN)
    assert page.status_code == 200
    join(first)
    assert is_over(second.post(JOIN, WHO))
    assert User.objects.filter(email=invitation.email).count() == 1


def test_opening_a_link_uses_nothing_up(invitation):
    """A mail scanner opens links too."""
    for _times in range(2):
        opened(invitation)
    assert Invitation.objects.filter(pk=invitation.pk).exists()
    assert not User.objects.filter(email=invitation.email).exists()


def test_a_link_sent_again_ends_the_one_before(admin, invitation):
    browser = opened(invitation)
    again = invitation.send_again(by=admin)
    assert is_over(browser.post(JOIN, WHO))
    with pytest.raises(InvitationIsOver):
        invitation.accept(password=PASSWORD, language="en", first_name="Galina")
    join(opened(again))
    assert User.objects.filter(email=invitation.email).exists()


def test_what_is_typed_is_kept_when_the_password_is_poor(invitation):
    answer = join(opened(invitation), WHO | {"password": "galina@example"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"password"}
    assert 'value="Galina"' in answer.text
    assert not User.objects.filter(email=invitation.email).exists()


def test_the_invited_gives_himself_nothing_more(invitation, manager, company):
    """S6, S10."""
    forged = {"role": Role.objects.get(code="admin").pk, "email": "thief@example.com", "is_staff": "on"}
    forged |= {"is_active": "", "team": ""}
    join(opened(invitation), forged=forged)
    galina = User.objects.get(first_name="Galina")
    assert (galina.email, galina.role, galina.team) == (invitation.email, manager, invitation.team)


@pytest.fixture
def other_admin(company):
    return person("Second", "Adminov", "admin")


@pytest.fixture
def technician(admin, other_admin):
    """Who configures and sees his own records only: `admin`, in a lesser role than he had."""
    role = Role(name="Technician", configures=True, funnel=Scope.OWN)
    role.begin(by=admin)
    return admin.change(role=role, by=other_admin)


@pytest.mark.parametrize("code", ["admin", "owner", "head", "observer"])
def test_nobody_invites_to_more_than_he_may_himself(logged_in, technician, code):
    """S10: neither by the door, nor by a form with another role in it."""
    role, count = Role.objects.get(code=code), Invitation.objects.count()
    with pytest.raises(RoleBeyondOwn):
        Invitation.objects.invite(email="more@example.com", role=role, by=technician)
    answer = logged_in(technician).post(LIST, {"email": "more@example.com", "role": role.pk})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"role"})
    assert Invitation.objects.count() == count


def test_an_invitation_dies_with_the_rights_of_its_sender(invitation, technician):
    head = Role.objects.get(code="head")
    Invitation.objects.filter(pk=invitation.pk).update(role=head)
    assert is_over(Client().get(reverse("accounts:invitation_open", args=[invitation.token])))


def test_a_colleague_who_has_left_leaves_no_open_invitations(invitation, admin, other_admin):
    admin.change(is_active=False, by=other_admin)
    assert is_over(Client().get(reverse("accounts:invitation_open", args=[invitation.token])))


def test_whose_e_mail_is_here_or_invited_is_not_invited_again(logged_in, admin, anna, invitation, manager):
    client = logged_in(admin)
    said = {anna.email: "Somebody has this e-mail", invitation.email: "invited already"}
    for email, sentence in said.items():
        answer = invite(client, email=email, role=manager.pk)
        assert answer.status_code == 422
        assert sentence in answer.text
    assert Invitation.objects.count() == 1


def test_an_e_mail_that_somebody_has_by_now_is_not_given_twice(invitation, anna, admin):
    anna.change(email=invitation.email, by=admin)
    assert is_over(opened(invitation).post(JOIN, WHO))
    assert User.objects.get(email=invitation.email) == anna


def test_without_a_mail_server_every_open_link_is_shown_to_be_copied(logged_in, admin, invitation):
    assert invitation.token in logged_in(admin).get(LIST).text


def test_a_link_to_more_than_he_may_himself_is_shown_to_nobody(logged_in, other_admin, technician):
    """Sent by who may all, on the page of who configures and sees little."""
    role = Role.objects.get(code="owner")
    made = Invitation.objects.invite(email="more@example.com", role=role, by=other_admin)
    page = logged_in(technician).get(LIST)
    assert made.token not in page.text
    assert "no-store" in page["Cache-Control"]
    assert made.token in logged_in(other_admin).get(LIST).text


def test_with_a_mail_server_a_link_is_shown_only_where_it_was_just_sent(
    logged_in, admin, invitation, settings
):
    settings.EMAIL_URL = "smtp://mail.example.com"
    client = logged_in(admin)
    assert invitation.token not in client.get(LIST).text
    address = reverse("accounts:invitation_send_again", args=[invitation.pk])
    page = client.post(address, follow=True).text
    assert Invitation.objects.get().token in page
    assert "A letter is on its way to galina@example.com." in page


def test_who_is_logged_in_opens_a_link_and_is_asked_to_log_out_first(logged_in, anna, invitation):
    client = opened(invitation, logged_in(anna))
    assert "Log out and accept" in client.get(JOIN).text
    assert client.post(JOIN, WHO).status_code == 200
    assert not User.objects.filter(email=invitation.email).exists()
    back = reverse("accounts:invitation_open", args=[invitation.token])
    assert client.post(reverse("account_logout"), {"next": back})["Location"] == back


def test_neither_the_base_nor_the_record_nor_the_jobs_hold_the_link(invitation):
    """S39, S40: a copy of the base opens nothing."""
    letters()
    kept = [*Invitation.objects.values(), *SecurityEvent.objects.values("particulars")]
    kept += ProcrastinateJob.objects.values("args")
    text = json.dumps(kept, default=str)
    assert invitation.nonce in text, "the check can't fail"
    assert invitation.seal not in text
    assert not Session.objects.exists()


def test_a_role_and_a_team_to_which_somebody_is_invited_stay(logged_in, admin, other_team):
    spare = Role.objects.create(name="Spare")
    waiting = Invitation.objects.invite(email="x@example.com", role=spare, team=other_team, by=admin)
    client = logged_in(admin)
    addresses = [
        reverse("admin:accounts_role_delete", args=[spare.pk]),
        reverse("admin:accounts_team_delete", args=[other_team.pk]),
    ]
    assert [client.post(address, {"post": "yes"}).status_code for address in addresses] == [403, 403]
    waiting.withdraw(by=admin)
    assert [client.post(address, {"post": "yes"}).status_code for address in addresses] == [302, 302]


def test_the_letter_is_in_the_companys_language_and_says_until_when(admin, manager, company):
    company.language = "ru"
    company.save()
    Invitation.objects.invite(email="galina@example.com", role=manager, by=admin)
    [letter] = letters()
    assert letter.subject == "Admin Adminova приглашает вас: Finver"
    assert "Ссылка действует один раз, до " in letter.body
    assert settings.SITE_URL in letter.body


def test_a_week_is_seven_days(invitation):
    assert (invitation.expires_at - timezone.now()).total_seconds() == pytest.approx(7 * 24 * 3600, abs=60)
