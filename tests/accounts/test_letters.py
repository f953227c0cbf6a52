"""Letters: in their reader's language, plain, and whatever was typed into a name is only text (S34, S35)."""

import pytest
from django.conf import settings
from django.core.mail import EmailMessage

from accounts import letters as accounts_letters
from accounts.asking import ask_for_password
from accounts.models import Invitation, Role
from crm_site.mail import LettersAsFiles
from tests.jobs import letters

ALL = [letter for letter in vars(accounts_letters).values() if isinstance(letter, accounts_letters.Letter)]
HOSTILE = "{{ 7*7 }} {% now 'Y' %} %(link)s %s\r\nBcc: thief@example.com"
VALUES = {"who", "name", "link", "until", "before", "after"}


@pytest.fixture
def ask(rf):
    """Ask for anna's password from a browser in `language`; return the letter."""

    def asked(person):
        request = rf.post("/accounts/password/reset/")
        request.id = "x"
        ask_for_password(person.email, request=request)
        [letter] = letters()
        return letter

    return asked


@pytest.mark.parametrize(("language", "said"), [("ru", "Здравствуйте, Anna!"), ("en", "Hello, Anna!")])
def test_a_letter_is_in_its_readers_language(ask, anna, language, said):
    anna.language = language
    anna.save()
    assert ask(anna).body.startswith(said)


def test_who_has_chosen_no_language_gets_the_companys_where_no_browser_asked(company, anna, admin):
    company.language = "ru"
    company.save()
    anna.change(email="anna@new.example", by=admin)
    assert {letter.subject for letter in letters()} == {"Ваша почта изменена: Finver"}


def test_what_was_typed_into_names_is_text_and_gets_into_no_header(company, admin):
    company.name = admin.first_name = HOSTILE
    company.save()
    admin.save()
    Invitation.objects.invite(email="new@example.com", role=Role.objects.get(code="manager"), by=admin)
    [letter] = letters()
    message = letter.message()
    assert "{{ 7*7 }} {% now 'Y' %} %(link)s %s" in letter.body
    assert message.get_all("Bcc") is None
    assert letter.recipients() == ["new@example.com"]
    assert "\n" not in letter.subject


def test_until_when_an_invitation_stands_is_said_in_the_companys_zone(company, admin):
    company.time_zone = "Asia/Vladivostok"  # ten hours from UTC
    company.save()
    role = Role.objects.get(code="manager")
    invitation = Invitation.objects.invite(email="new@example.com", role=role, by=admin)
    [letter] = letters()
    assert f"{invitation.expires_at.astimezone(company.zone):%H:%M}" in letter.body


def test_without_a_mail_server_a_letter_is_a_file_that_a_person_can_read(company, tmp_path):
    mailer = LettersAsFiles(folder=tmp_path / "mail")
    message = EmailMessage("Приглашение", "Здравствуйте!\nОткройте ссылку.", to=["anna@example.com"])
    assert mailer.send_messages([message]) == 1
    [path] = (tmp_path / "mail").iterdir()
    assert path.name.endswith("-anna@example.com.eml")
    assert "Subject: Приглашение" in path.read_text()
    assert "Здравствуйте!\nОткройте ссылку." in path.read_text()


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("letter", ALL, ids=lambda letter: str(letter.subject))
def test_every_letter_is_plain_and_fills_in_all_its_places(company, letter, language, mailoutbox):
    values = {name: f"<{name}>" for name in VALUES}
    accounts_letters.send(letter, "anna@example.com", language, **values)
    [sent] = mailoutbox
    assert sent.message().get_content_type() == "text/plain"
    assert "%(" not in sent.subject + sent.body
    assert sent.from_email == settings.DEFAULT_FROM_EMAIL


def test_whose_password_an_admin_changes_is_told_but_not_of_the_first_one(anna, admin):
    anna.change(password="seven-boats-on-a-lake", by=admin)
    [letter] = letters()
    assert letter.to == [anna.email]
    assert "has been changed" in letter.body
    anna.set_unusable_password()
    anna.save()
    anna.change(password="eight-boats-on-a-lake", by=admin)
    assert letters() == []
