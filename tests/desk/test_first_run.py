"""`/setup/`: the first admin, once, then the company with its first funnel."""

from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import Company, Role, SecurityEvent, User
from accounts.refusals import AdminExists
from directories.models import Directory
from pipeline.models import Pipeline

ADMIN = {
    "first_name": "Марина",
    "last_name": "Орлова",
    "email": "Marina@Example.com",
    "password": "four-rivers-and-a-boat",
    "language": "ru",
}
COMPANY = {
    "name": "Финвер",
    "country": "RU",
    "time_zone": "Europe/Moscow",
    "currency": "RUB",
    "pipeline": "simple",
}
FROM_NETWORK = {"REMOTE_ADDR": "192.168.1.5"}


@pytest.fixture
def client():
    """A browser on the machine itself."""
    return Client(headers={"host": "localhost"})


@pytest.fixture
def setup_key(settings, tmp_path):
    settings.SETUP_KEY_FILE = tmp_path / "setup.key"
    settings.SETUP_KEY_FILE.write_text("right-key\n")
    return "right-key"


@pytest.mark.django_db
def test_the_first_visit_leads_to_setup(client):
    for address in ("/", "/board/", "/accounts/login/", "/deals/1/"):
        response = client.get(address)
        assert (response.status_code, response.headers["Location"]) == (302, "/setup/")


@pytest.mark.django_db
def test_the_first_admin_is_logged_in_and_goes_on_to_the_company(client):
    response = client.post("/setup/", ADMIN)
    assert (response.status_code, response.headers["Location"]) == (303, "/setup/company/")
    admin = User.objects.get()
    assert (admin.email, admin.is_staff, admin.role.code) == ("marina@example.com", True, "admin")
    assert client.get("/board/").headers["Location"] == "/setup/company/"
    assert SecurityEvent.objects.filter(kind="first_admin_made", user=admin).exists()


@pytest.mark.django_db
def test_ready_rows_are_made_in_the_language_of_the_company(client):
    client.post("/setup/", ADMIN)
    response = client.post("/setup/company/", COMPANY)
    pipeline = Pipeline.objects.get()
    assert response.headers["Location"] == "/setup/colleagues/"
    assert settings.SITE_URL in client.get("/setup/colleagues/").text
    assert [stage.name for stage in pipeline.stages.in_order()] == [
        "Обращение",
        "Переговоры",
        "Счёт выставлен",
        "Оплата",
        "Отгрузка",
        "Выиграна",
        "Проиграна",
    ]
    assert Role.objects.get(code="manager").name == "Менеджер по продажам"
    assert Directory.objects.filter(code__in=["sources", "lost_reasons"]).count() == 2
    assert Company.objects.current().name == "Финвер"


@pytest.mark.django_db
def test_bad_input_says_what_is_wrong_and_keeps_what_was_typed(client):
    response = client.post("/setup/", ADMIN | {"password": "12345", "email": "nobody"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"password", "email"}
    assert 'value="Марина"' in response.text
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_first_admin_is_made_only_once(client, company, admin):
    response = client.post("/setup/", ADMIN)
    assert response.headers["Location"] == "/setup/company/"
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_the_company_is_made_only_once(company, admin, logged_in):
    assert logged_in(admin).post("/setup/company/", COMPANY).headers["Location"] == "/"
    assert Company.objects.get().name == "Finver"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "where",
    [
        FROM_NETWORK,
        {"HTTP_X_FORWARDED_FOR": "203.0.113.7"},
        {"HTTP_FORWARDED": "for=203.0.113.7"},
    ],
)
def test_from_the_network_the_key_that_the_start_printed_is_needed(client, setup_key, where):
    for wrong in ({}, {"key": "wrong-key"}):
        response = client.post("/setup/", ADMIN | wrong, **where)
        assert response.status_code == 422
        assert "key" in response.context["form"].errors
    assert not User.objects.exists()
    assert client.post("/setup/", ADMIN | {"key": setup_key}, **where).status_code == 303


@pytest.mark.django_db
def test_without_a_key_file_nobody_gets_in_from_the_network(client, settings, tmp_path):
    settings.SETUP_KEY_FILE = tmp_path / "missing"
    assert client.post("/setup/", ADMIN | {"key": ""}, **FROM_NETWORK).status_code == 422
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_first_admins_at_the_same_moment_one_is_made():
    together, refused = Barrier(2), []

    def make(email):
        together.wait()
        try:
            User.objects.create_first_admin(
                email=email, password=ADMIN["password"], language="ru", first_name="A"
            )
        except AdminExists as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=make, args=(email,)) for email in ("a@example.com", "b@example.com")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (User.objects.count(), len(refused)) == (1, 1)


@pytest.mark.django_db
def test_only_who_configures_sets_the_company_up(db):
    Role.objects.make_ready("en")
    manager = User.objects.create_user(
        email="m@example.com", first_name="M", role=Role.objects.get(code="manager"), can_log_in=True
    )
    client = Client()
    client.force_login(manager)
    assert client.post("/setup/company/", COMPANY).status_code == 403
    assert not Company.objects.exists()
