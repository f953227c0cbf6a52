"""What the administration says after saving, and in its histories: in the reader's words, of no gender."""

import pytest
from django.contrib import admin as django_admin
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.models import Role, Team, User
from directories.models import CustomField, Directory
from tests.filled import admin_page, fill_in


@pytest.fixture
def client_of_admin(logged_in, admin):
    admin.language = "ru"
    admin.save()
    return logged_in(admin)


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.mark.parametrize("button", [{}, {"_continue": "1"}, {"_addanother": "1"}])
def test_what_is_saved_is_said_by_its_name(client_of_admin, company, button):
    answer = fill_in(client_of_admin, admin_page(Directory, "add"), name="Цеха & склады", forged=button)
    made = Directory.objects.get(name="Цеха & склады")
    page = admin_page(Directory, "change", made.pk)
    assert said(answer) == [f'Сохранено: <a href="{page}">Цеха &amp; склады</a>.']
    assert said(fill_in(client_of_admin, page, name="Цеха", forged=button)) == [
        f'Сохранено: <a href="{page}">Цеха</a>.'
    ]


EDITED_IN_LISTS = [model for model, page in django_admin.site._registry.items() if page.list_editable]


@pytest.mark.parametrize("model", EDITED_IN_LISTS, ids=lambda model: model.__name__)
def test_rows_are_saved_in_a_list_and_that_is_said_shortly(client_of_admin, source, stages, model):
    CustomField.objects.make(entity="deal", code="batch", kind="number", label_ru="Партия", label_en="Batch")
    column = django_admin.site._registry[model].list_editable[0]
    listed = client_of_admin.get(admin_page(model, "changelist"), follow=True)
    page = listed.wsgi_request.get_full_path()
    row = listed.context["cl"].result_list[0]
    answer = fill_in(client_of_admin, page, {f"form-0-{column}": 7}, forged={"_save": "1"})
    assert said(answer) == ["Сохранено."]
    assert getattr(model.objects.get(pk=row.pk), column) == 7


def test_what_is_deleted_is_said_by_its_name(client_of_admin, company):
    team = Team.objects.create(name="Пустая")
    assert said(fill_in(client_of_admin, admin_page(Team, "delete", team.pk))) == ["Удалено: Пустая."]


def test_a_history_names_the_fields_in_the_language_of_its_reader(client_of_admin, anna, source):
    fill_in(client_of_admin, admin_page(User, "change", anna.pk), first_name="Анна", team="")
    role = Role.objects.get(code="manager")
    fill_in(client_of_admin, admin_page(Role, "change", role.pk), {"funnel": 2, "scopes-1-view": 3})
    directory = source.directory
    fill_in(client_of_admin, admin_page(Directory, "change", directory.pk), {"entries-0-name": "Сайт"})
    fill_in(client_of_admin, admin_page(type(source), "retire", source.pk))
    told = {
        row: client_of_admin.get(admin_page(type(row), "history", row.pk)).text
        for row in (anna, role, directory, source)
    }
    assert "Изменено: имя и команда." in told[anna]
    assert "Изменено: воронка и отчёты. Изменено: просмотр" in told[role]
    assert "Изменено: название (запись «Сайт»)." in told[directory]
    assert "Изменено: используется." in told[source]


def test_what_may_not_be_there_is_said_in_russian(client_of_admin, company):
    answer = client_of_admin.get(reverse("admin:accounts_team_change", args=[987654]), follow=True)
    assert "Не найдено: команда, номер «987654»." in answer.text
    spare = Team.objects.create(name="Пустая")
    page = client_of_admin.get(admin_page(Team, "delete", spare.pk)).text
    assert "Удалить: команда «Пустая»?" in page
