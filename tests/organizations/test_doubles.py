"""An organization that seems to be here already is told of once, and can be saved all the same."""

from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from deals.models import Deal
from organizations.models import Organization
from organizations.recognition import doubles_of

NEW = reverse("organizations:organization_new")
DOUBLES = reverse("organizations:organization_doubles")
INN, OTHER_INN = "7707083893", "7728168971"
PHONE = {"value": "+78125550142", "typed": "812 555-01-42", "extension": "", "label": "work"}
EMAIL = {"value": "info@vektor.example", "typed": "info@vektor.example", "label": "work"}


@pytest.fixture
def vektor(anna):
    return Organization.objects.make(
        by=anna, name="ООО «Вектор-Плюс»", inn=INN, kpp="770701001", phones=[PHONE], emails=[EMAIL]
    )


@pytest.mark.parametrize(
    "name",
    [
        "ООО «Вектор-Плюс»", "Вектор-Плюс", "вектор плюс", 'ооо "Вектор‑Плюс"', "ВЕКТОР ПЛЮС, ООО",
        "АО Вектор-Плюс", "Вектор\u00a0Плюс ООО", "З.А.О. Вектор–Плюс",
        "Общество с ограниченной ответственностью „Вектор-Плюс“",
        "OOO «Вектор-Плюс»", "Вектор Плюс LLC", "Вектор-Плюс, Ltd.", " Вектор   Плюс ",
    ],
)  # fmt: skip
def test_a_name_is_the_same_whatever_its_case_quotes_and_legal_form(vektor, anna, name):
    assert doubles_of({"name": name}, user=anna).records == [vektor]


@pytest.mark.parametrize("name", ["Вектор", "Вектор-Плюс-2", "Плюс Вектор", "ООО", '""', "  ", "Векторплюс"])
def test_another_name_is_another_organization(vektor, anna, name):
    assert not doubles_of({"name": name}, user=anna)


def test_yo_is_ye_and_a_legal_form_alone_is_a_name(anna):
    ooo = Organization.objects.make(by=anna, name="ООО")
    stars = Organization.objects.make(by=anna, name="Звёзды")
    assert doubles_of({"name": "«ооо»"}, user=anna).records == [ooo]
    assert doubles_of({"name": "ИП Звезды"}, user=anna).records == [stars]


@pytest.mark.parametrize(
    ("values", "is_double"),
    [
        ({"inn": INN}, True),
        ({"inn": INN, "kpp": "770701001"}, True),
        ({"inn": INN, "kpp": "771243001"}, False),
        ({"inn": OTHER_INN}, False),
        ({"inn": "", "name": ""}, False),
        ({"phones": [PHONE]}, True),
        ({"emails": [EMAIL]}, True),
        ({"inn": OTHER_INN, "emails": [EMAIL]}, True),
        ({"phones": [{"value": "+78120000000"}], "emails": []}, False),
    ],
)
def test_an_inn_a_phone_or_an_e_mail_in_common_makes_a_double(vektor, anna, values, is_double):
    assert bool(doubles_of(values, user=anna)) == is_double


def test_a_branch_of_the_same_inn_without_a_kpp_is_a_double(anna):
    here = Organization.objects.make(by=anna, name="Head", inn=INN)
    assert doubles_of({"inn": INN, "kpp": "771243001"}, user=anna).records == [here]


def test_of_a_strangers_one_only_the_responsible_is_told(vektor, anna, vera):
    doubles = doubles_of({"inn": INN}, user=vera)
    assert (doubles.records, doubles.responsibles) == ([], [anna])


def test_what_is_archived_or_itself_is_no_double(vektor, anna, owner):
    assert not doubles_of({"inn": INN}, user=anna, besides=vektor)
    vektor.archive(by=owner)
    assert not doubles_of({"inn": INN}, user=anna)


# The form


@pytest.fixture
def typed(anna):
    return {"token": str(uuid4()), "name": "вектор плюс", "owner": anna.pk}


def test_the_form_refuses_once_and_saves_all_the_same(logged_in, anna, vektor, typed):
    client = logged_in(anna)
    answer = client.post(NEW, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "seems to be here already" in page
    assert f'href="{vektor.get_absolute_url()}"' in page
    assert 'value="вектор плюс"' in page
    assert Organization.objects.count() == 1
    assert client.post(NEW, typed | {"save_anyway": "1"}).status_code == 303
    assert Organization.objects.count() == 2


def test_a_stranger_reads_who_is_responsible_and_nothing_else(logged_in, vera, anna, vektor, typed):
    page = logged_in(vera).post(NEW, typed | {"name": "Other", "inn": INN, "owner": vera.pk}).content.decode()
    assert f"responsible: {anna.full_name}" in page
    assert "Вектор" not in page
    assert vektor.get_absolute_url() not in page


def test_an_edit_tells_only_of_what_is_typed_anew(logged_in, anna, vektor):
    twin = Organization.objects.make(by=anna, name="Вектор Плюс", phones=[PHONE])
    client, here = logged_in(anna), reverse("organizations:organization_edit", args=[twin.pk])
    form = client.get(here).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields if name not in ("phones", "emails")}
    shown |= {"phones": [PHONE["typed"]], "phones_label": ["work"], "save_anyway": ""}
    assert client.post(here, shown | {"address": "Nevsky, 1"}).status_code == 303
    shown["shown_address"] = '"Nevsky, 1"'
    answer = client.post(here, shown | {"address": "Nevsky, 1", "inn": INN})
    assert answer.status_code == 422
    assert answer.context["form"].doubles.records == [vektor]


def test_it_is_told_while_it_is_typed(logged_in, anna, vera, vektor):
    mine = logged_in(anna)
    assert "Вектор-Плюс" in mine.get(DOUBLES, {"name": "вектор плюс"}).content.decode()
    assert "Вектор" not in mine.get(DOUBLES, {"name": "вектор плюс", "besides": vektor.pk}).content.decode()
    page = logged_in(vera).get(DOUBLES, {"phones": ["8 812 555-01-42", "1"]}).content.decode()
    assert anna.full_name in page
    assert "Вектор" not in page


@pytest.mark.parametrize(
    "query", [{"name": "\x00"}, {"inn": "\x00"}, {"name": "a" * 5000}, {"besides": "x"}, {}]
)
def test_nonsense_has_no_doubles(logged_in, anna, vektor, query):
    answer = logged_in(anna).get(DOUBLES, query)
    assert (answer.status_code, "alert" in answer.content.decode()) == (200, False)


# A deal with a new organization


def make_deal(client, lead, **typed):
    data = {"title": "Pallets", "stage": lead.pk, "token": str(uuid4()), "organization": "Вектор Плюс"}
    return client.post(reverse("deals:deal_new"), data | typed)


def test_a_deal_asks_before_it_makes_one_of_a_like_name(logged_in, anna, lead, vektor):
    client = logged_in(anna)
    answer = make_deal(client, lead)
    assert answer.status_code == 422
    assert "ООО «Вектор-Плюс»" in answer.content.decode()
    assert make_deal(client, lead, organization_choice=vektor.pk).status_code == 303
    assert Deal.objects.get().organization == vektor
    assert make_deal(client, lead, organization_choice="new").status_code == 303
    assert Organization.objects.count() == 2


def test_a_deal_knows_the_very_name_and_the_inn(logged_in, anna, lead, vektor):
    client = logged_in(anna)
    for name in ("ооо «вектор-плюс»", INN):
        assert make_deal(client, lead, organization=name).status_code == 303
    assert set(Deal.objects.values_list("organization", flat=True)) == {vektor.pk}


def test_a_deal_tells_of_a_strangers_one_by_its_responsible(logged_in, anna, vera, lead, vektor):
    client = logged_in(vera)
    answer = make_deal(client, lead)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"responsible: {anna.full_name}" in page
    assert "«Вектор-Плюс»" not in page
    assert not Deal.objects.exists()
    assert make_deal(client, lead, organization_choice="new").status_code == 303
    assert Deal.objects.get().organization != vektor


def test_a_contact_asks_before_it_makes_one_of_a_like_name(logged_in, anna, vektor):
    typed = {"token": str(uuid4()), "first_name": "Olga", "owner": anna.pk, "organization": "Вектор Плюс, АО"}
    answer = logged_in(anna).post(reverse("contacts:contact_new"), typed)
    assert answer.status_code == 422
    assert f'<option value="{vektor.pk}">ООО «Вектор-Плюс»' in answer.content.decode()
    assert Organization.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "index"),
    [
        ({"name": "Вектор"}, "organization_by_bare_name"),
        ({"inn": INN, "kpp": "770701001"}, "organization_by_inn"),
    ],
)
def test_each_double_is_found_by_its_index(anna, values, index):
    Organization.objects.bulk_create(
        Organization(owner=anna, name=f"Firm {number}", inn=str(10**9 + number)) for number in range(500)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE organizations_organization")
        assert index in Organization.objects.present().same_as(**values).values_list("pk").explain()


def test_a_form_sent_twice_is_no_double_of_its_own(logged_in, anna, typed):
    client = logged_in(anna)
    first, second = client.post(NEW, typed), client.post(NEW, typed)
    assert first.headers["Location"] == second.headers["Location"]
    assert Organization.objects.count() == 1
