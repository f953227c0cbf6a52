"""Small files of organizations, deals and people, and what becomes of them."""

from deals.models import Deal
from records.models import Operation

FIRMS = """
source = "old"
entity = "organization"
external_id = "id"
responsible = "owner@example.com"
[fields]
name = "name"
parent = "parent"
"""
DEALS = """
source = "old"
entity = "deal"
pipeline = "simple"
external_id = "id"
responsible = "owner@example.com"
[fields]
title = "title"
stage = "stage"
amount = "amount"
"""
PEOPLE = """
source = "old"
entity = "user"
external_id = "id"
[fields]
full_name = "name"
role = { value = "manager" }
"""


def firms(*names_and_parents):
    return [{"id": name, "name": name, "parent": parent} for name, parent in names_and_parents]


def deals(*ids, **more):
    return [
        {"id": each, "title": f"Deal {each}", "stage": "Negotiation", "amount": "100", **more} for each in ids
    ]


def operation_of(bringing):
    return Operation.objects.get(pk=bringing.import_run.operation_id)


def deal(title):
    return Deal.objects.for_system("test").get(title=title)
