"""One small company in one language, in which every screen has something to show."""

import datetime

from django.utils import timezone, translation

from accounts.models import Company, Invitation, Role, SecurityEvent, Team, User
from activities.models import Activity
from contacts.models import Contact
from deals.models import Deal
from directories.many import RecordsAssigned, do_to_many
from directories.models import LOST_REASONS, SOURCES, CustomField, Directory, Entry
from organizations.models import Organization
from pipeline.models import Pipeline
from records.models import KeptRecord, Operation
from tests.phones import with_phone
from tests.world import person

EMPTY, WITHOUT_COMPANY, WHOLE = "empty", "without company", "whole"
AGES = (EMPTY, WITHOUT_COMPANY, WHOLE)


class ScreenWorld:
    """The people and records that the screens show; `say(ru, en)` chooses what a text in them is."""

    def __init__(self, language, theme="", age=WHOLE, say=None):
        self.language, self.theme = language, theme
        self.say = say or (lambda ru, en: ru if language == "ru" else en)
        self.people = {}
        with translation.override(language):
            if age != EMPTY:
                self._make_admin()
            if age == WHOLE:
                self._make_company()
                self._make_directories()
                self._make_records()
                self._make_activities()
                self._make_operations()

    # What the company is

    def _person(self, name, names, role, team=None):
        self.people[name] = person(
            name, names[1], role, team, language=self.language, theme=self.theme, time_zone=""
        )
        self.people[name].first_name = names[0]
        self.people[name].save(update_fields=["first_name"])
        return self.people[name]

    def _make_admin(self):
        Role.objects.make_ready(self.language)
        self.admin = self._person(
            "admin", (self.say("Алексей", "Adam"), self.say("Демидов", "Reed")), "admin"
        )

    def _make_company(self):
        say = self.say
        Company.objects.create(
            name=say("Финвер", "Finver"), language=self.language, time_zone="Europe/Moscow", country="RU"
        )
        office = Team.objects.create(name=say("Офис", "Office"))
        team = Team.objects.create(name=say("Первая команда", "First team"), parent=office)
        self.head = self._person("head", (say("Дарья", "Dora"), say("Соколова", "Hill")), "head", team)
        self.anna = self._person("anna", (say("Анна", "Anna"), say("Кузьмина", "Smith")), "manager", team)
        self.boris = self._person("boris", (say("Борис", "Boris"), say("Левин", "Levin")), "manager", team)
        self.observer = self._person("observer", (say("Ольга", "Olga"), say("Зорина", "Watson")), "observer")
        with_phone(self.head)
        SecurityEvent.objects.record(SecurityEvent.Kind.LOGGED_IN, user=self.anna)
        self.anna.change(can_log_in=False, by=self.admin)
        self.anna.change(can_log_in=True, by=self.admin)
        self.head.ask_for_email("dora@example.com")
        self.head.refresh_from_db()
        self.invitation = self._invite("new")
        late = self._invite("former")
        Invitation.objects.filter(pk=late.pk).update(expires_at=timezone.now())
        self.pipeline = Pipeline.objects.make_ready("simple", language=self.language, currency="RUB")
        self.other_pipeline = Pipeline.objects.make_ready("wholesale", language=self.language, currency="RUB")
        self.stages = list(self.pipeline.stages.in_order())
        for index, stage in enumerate(self.stages):
            stage.name = say(stage.name, stage.name)
            stage.idle_days = 5 if index in (1, 2) else None
            stage.save(update_fields=["name", "idle_days"])

    def _invite(self, name):
        return Invitation.objects.invite(
            email=f"{name}@example.com", role=self.anna.role, team=self.anna.team, by=self.admin
        )

    def _entries(self, code, name, names):
        directory, _made = Directory.objects.get_or_create(code=code, defaults={"name": name})
        directory.name = name
        directory.save(update_fields=["name"])
        return [
            Entry.objects.create(directory=directory, name=each, position=n, color=n % 10 + 1)
            for n, each in enumerate(names)
        ]

    def _make_directories(self):
        say = self.say
        self.sources = self._entries(
            SOURCES, say("Источники", "Sources"), [say("Сайт", "Web site"), say("Звонок", "Phone call")]
        )
        self.lost_reasons = self._entries(
            LOST_REASONS,
            say("Причины проигрыша", "Reasons of loss"),
            [say("Дорого", "Too expensive"), say("Нет ответа", "No answer")],
        )
        self.cars = self._entries("cars", say("Машины", "Cars"), [say("Лада", "Lada"), say("Нива", "Niva")])
        cars = self.cars[0].directory
        for entity in ("deal", "contact", "organization", "entry"):
            for kind, ru, en in (
                ("text", "Город", "City"),
                ("number", "Доля, %", "Share, %"),
                ("date", "Дата осмотра", "Inspected on"),
                ("entry", "Машина", "Car"),
            ):
                CustomField.objects.create(
                    entity=entity,
                    code=f"own_{kind}",
                    kind=kind,
                    label_ru=say(ru, ru),
                    label_en=say(en, en),
                    help_ru=say("Как в договоре", "Как в договоре"),
                    help_en=say("As in the contract", "As in the contract"),
                    choices_from=cars if kind == "entry" else None,
                    directory=cars if entity == "entry" else None,
                )

    @property
    def own_values(self):
        """A value for each own field, as the base keeps it."""
        return {
            "own_text": self.say("Санкт-Петербург", "Saint Petersburg"),
            "own_number": 22,
            "own_date": "2026-05-20",
            "own_entry": self.cars[0].pk,
        }

    # Records

    def _make_records(self):
        say, anna = self.say, self.anna
        self.organization = Organization.objects.make(
            by=anna,
            name=say("ООО «Вектор»", "Vector Ltd"),
            legal_name=say("Общество «Вектор»", "Vector Limited"),
            address=say("Москва, Лесная улица, 5", "5 Forest street, Moscow"),
            inn="7707083893",
            phones=[self._phone(0)],
            custom=self.own_values,
        )
        self.contact = Contact.objects.make(
            by=anna,
            first_name=say("Ольга", "Olga"),
            patronymic=say("Викторовна", ""),
            last_name=say("Самойлова", "Samoylova"),
            position=say("Директор по персоналу", "Head of personnel"),
            organization=self.organization,
            source=self.sources[0],
            needs=say("Склад класса А\nПисать после обеда", "A class A warehouse\nWrite in the afternoon"),
            birthday=datetime.date(1980, 3, 8),
            phones=[self._phone(1)],
            emails=[{"value": "olga@example.com", "typed": "olga@example.com", "label": "work"}],
            custom=self.own_values,
        )
        self.deal = self._make_deal(say("Руководитель склада", "Head of warehouse"), 1, amount=390_000)
        self.deal.change({"amount": 360_000, "title": say("Начальник склада", "Chief of warehouse")}, by=anna)
        self.deal.refresh_from_db()
        self.late = self._make_deal(say("Кладовщик", "Storekeeper"), 1, amount=None)
        self.planned = self._make_deal(say("Водитель", "Driver"), 2, amount=125_000)
        self.bare = Deal.objects.make(by=self.boris, stage=self.stages[0], title=say("Грузчик", "Loader"))
        self.won = self._make_deal(say("Логист", "Logistician"), 2, amount=90_000).move_to(
            self.stages[5], by=anna, seen_in=self.stages[2]
        )
        self.lost = self._make_deal(say("Охранник", "Guard"), 0, amount=50_000).move_to(
            self.stages[6], by=anna, seen_in=self.stages[0], lost_reason=self.lost_reasons[0]
        )
        self.archived_deal = self._make_deal(say("Старая сделка", "Old deal"), 0, amount=1_000)
        self.archived_deal.archive(by=self.admin)
        self.archived_contact = Contact.objects.make(by=anna, first_name=say("Пётр", "Peter"))
        self.archived_contact.archive(by=self.admin)
        self.archived_organization = Organization.objects.make(by=anna, name=say("Ромашка", "Daisy"))
        self.archived_organization.archive(by=self.admin)

    def _make_deal(self, title, stage, **values):
        deal = Deal.objects.make(
            by=self.anna,
            stage=self.stages[0],
            title=title,
            contact=self.contact,
            organization=self.organization,
            source=self.sources[1],
            custom=self.own_values,
            **values,
        )
        return deal.move_to(self.stages[stage], by=self.anna, seen_in=self.stages[0]) if stage else deal

    @staticmethod
    def _phone(number):
        value = f"+7812555{number:04}"
        return {"value": value, "typed": value, "extension": "", "label": "work"}

    def _make_activities(self):
        say, now, by = self.say, timezone.now(), self.anna
        plan = Activity.objects.plan
        self.task = plan(
            self.deal,
            say("Позвонить заказчику", "Call the customer"),
            by=by,
            due_at=now + datetime.timedelta(2),
        )
        plan(
            self.late,
            say("Отправить договор", "Send the contract"),
            by=by,
            due_at=now - datetime.timedelta(2),
        )
        plan(self.planned, say("Встреча", "Meeting"), by=by, due_at=now + datetime.timedelta(hours=1))
        plan(self.deal, say("Узнать адрес", "Ask for the address"), by=by).complete(by=by)
        for subject in (self.deal, self.contact, self.organization):
            Activity.objects.note(subject, say("Просили скидку", "They asked for a discount"), by=by)
            plan(subject, say("Поздравить", "Congratulate"), by=by)

    def _make_operations(self):
        """One operation as it is, one that was undone and kept what was changed since."""
        self.operation = self._hand_over()
        self.undone_operation = self._hand_over()
        self.late.assign_to(self.boris, by=self.head)
        self.undone_operation = self.undone_operation.undo(by=self.admin)
        self.late.assign_to(self.anna, by=self.head)

    def _hand_over(self):
        """Give two of anna's deals to the head and back, as operations; return the last one."""
        for somebody in (self.head, self.anna):
            deals = Deal.objects.visible_to(self.head).filter(pk__in=[self.late.pk, self.planned.pk])
            operation = do_to_many(
                deals,
                RecordsAssigned,
                lambda deal, to=somebody: deal.assign_to(to, by=self.head),
                by=self.head,
                name=somebody.full_name,
            )
        Operation.objects.filter(pk=operation.pk).update(by=self.anna)
        operation.by = self.anna
        return operation

    def more(self, count, begin=0):
        """Let there be `count` more of whatever a screen lists or offers, numbered from `begin`."""
        say, by = self.say, self.anna
        cars = self.cars[0].directory
        for n in range(begin, begin + count):
            organization = Organization.objects.make(
                by=by, name=f"{say('Завод', 'Plant')} {n}", parent=self.organization
            )
            contact = Contact.objects.make(
                by=by, first_name=say("Иван", "Ivan"), last_name=str(n), organization=self.organization,
                phones=[self._phone(n + 2)], source=self.sources[0], custom=self.own_values,
            )  # fmt: skip
            deal = Deal.objects.make(
                by=by, stage=self.stages[0], title=f"{say('Поставка', 'Delivery')} {n}", amount=1_000 * n,
                contact=self.contact if n % 2 else contact,
                organization=self.organization if n % 2 else organization,
                custom=self.own_values,
            )  # fmt: skip
            Activity.objects.plan(deal, say("Позвонить", "Call"), by=by, due_at=timezone.now())
            for subject in (self.deal, self.contact, self.organization):
                Activity.objects.note(subject, f"{say('Заметка', 'Note')} {n}", by=by)
                Activity.objects.plan(subject, f"{say('Дело', 'Task')} {n}", by=by, due_at=timezone.now())
            self.deal.change({"amount": 400_000 + n}, by=by)
            won = Deal.objects.make(
                by=by, stage=self.stages[0], title=f"{say('Заказ', 'Order')} {n}", amount=n
            )
            won.move_to(self.stages[5], by=by, seen_in=self.stages[0])
            Entry.objects.create(
                directory=cars, name=f"{say('Газель', 'Gazelle')} {n}", custom=self.own_values
            )
            User.objects.create(
                first_name=say("Коллега", "Colleague"), last_name=str(n), team=by.team, role=by.role
            )
            Team.objects.create(name=f"{say('Команда', 'Team')} {n}")
            self._invite(f"new{n}")
            Operation.objects.create(
                kind=RecordsAssigned.kind, entity="deal", by=by, state="done", particulars={"name": str(by)}
            )
            KeptRecord.of(self.undone_operation, deal, "used", count=n).save()
            self.stages[1].probability = n % 90
            self.stages[1].save()
