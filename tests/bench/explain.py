"""EXPLAIN (ANALYZE, BUFFERS) of every query that the big pages ask of big tables, on a generated base.

    python manage.py generate --deals 1000000        (in a data folder of its own)
    python -m tests.bench.explain --keep million.json --beside small.json > docs/explain-figures.md

It opens the pages as a logged-in person does and explains what they asked, so that it can't measure
another query than the site runs. `--beside` puts the figures of another base next to these.
"""

import argparse
import json
import logging
import os
import sys
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_site.settings")

BIG = ("deals_deal", "deals_stagehistory", "contacts_contact", "organizations_organization", "records_event")
# of the owner's pages, the queries whose plans are kept whole
PLANS = {
    "board": 2,
    "list of open deals": 1,
    "search by a name": 1,
    "dashboard with a past funnel": 2,
}
PLAN_LETTERS = 150
ASIDE = ("accounts_", "django_", "pipeline_stage", "directories_", "pipeline_pipeline")


def pages(pipeline, stage, seller, then):
    """Return {what is looked at: its address}."""
    return {
        "board": f"/board/{pipeline.pk}/",
        "board, narrowed to one person": f"/board/{pipeline.pk}/?responsible={seller.pk}",
        "board, what is new": f"/board/{pipeline.pk}/changes?since=",
        "list of open deals": "/deals/",
        "list of won deals": "/deals/?outcome=won",
        "list by amount": "/deals/?sort=-amount",
        "list of one person": f"/deals/?responsible={seller.pk}",
        "list, text": "/deals/?q=бухгалтер 4242",
        "dashboard": f"/funnel/{pipeline.pk}/",
        "dashboard with a past funnel": f"/funnel/{pipeline.pk}/?asof={then:%Y-%m-%d}",
        "search by a name": "/search/?q=Самойлова Ольга",
        "search by a number": "/search/?q=8 900 000-42-42",
        "search for what is not there": "/search/?q=Несуществующий",
        "contacts": "/contacts/",
        "contacts, a name": "/contacts/?q=Самойлова Ольга",
        "contacts, a first name": "/contacts/?q=Ольга",
        "organizations": "/organizations/",
        "organizations, a name": "/organizations/?q=Меридиан",
    }


class Asked:
    """The queries that a page asks of big tables."""

    def __init__(self):
        self.queries = []

    def __call__(self, execute, query, params, many, context):
        if query.lstrip("( ").startswith(("SELECT", "WITH")) and any(f'"{table}"' in query for table in BIG):
            self.queries.append((query, params))
        return execute(query, params, many, context)


def nodes(plan):
    yield plan
    for each in plan.get("Plans", ()):
        yield from nodes(each)


def in_words(plan):
    """Say how the big tables were read: `deals_deal by deal_open_by_stage`."""
    ways = []
    for node in nodes(plan):
        if node["Node Type"] == "Seq Scan":
            ways.append(f"**{node['Relation Name']} whole**")
        elif "Index Name" in node:
            ways.append(f"`{node['Index Name']}`" + (" (only)" if "Only" in node["Node Type"] else ""))
    return ", ".join(dict.fromkeys(way for way in ways if not way.strip("*`").startswith(ASIDE)))


def explain(cursor, query, params):
    cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}", params)
    cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}", params)  # once more, warm
    told = cursor.fetchone()[0][0]
    plan = told["Plan"]
    return {
        "rows": plan["Actual Rows"],
        "buffers": plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
        "ms": round(told["Execution Time"], 1),
        "way": in_words(plan),
    }


def plan_of(cursor, query, params):
    """The plan as PostgreSQL writes it, each line cut."""
    cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {query}", params)
    return [line[:PLAN_LETTERS] for (line,) in cursor.fetchall()]


def measure():
    """Return {"measured": {person: {page: [figures of each query]}}, "plans": {page: [plans]}}."""
    from django.db import connection
    from django.test import Client, override_settings

    from accounts.models import Company, User
    from pipeline.models import Pipeline

    pipeline = Pipeline.objects.get()
    seller = User.objects.filter(email__startswith="seller").order_by("pk").first()
    then = Company.objects.current().today() - timedelta(days=400)
    measured, plans = {}, {}
    with override_settings(ALLOWED_HOSTS=["*"]), connection.cursor() as cursor:
        for person in (User.objects.get(email="owner@example.com"), seller):
            client = Client()
            client.force_login(person)
            for page, address in pages(pipeline, pipeline.stages.first(), seller, then).items():
                asked = Asked()
                with connection.execute_wrapper(asked):
                    response = client.get(address)
                if response.status_code not in (200, 204):
                    raise SystemExit(f"{address}: {response.status_code}")
                name = "owner" if person != seller else "seller"
                measured.setdefault(name, {})[page] = [explain(cursor, *each) for each in asked.queries]
                if name == "owner" and page in PLANS:
                    plans[page] = [plan_of(cursor, *each) for each in asked.queries[: PLANS[page]]]
    return {"measured": measured, "plans": plans}


def sizes():
    from contacts.models import Contact
    from deals.models import Deal, StageHistory
    from organizations.models import Organization

    return {
        "deals": Deal.objects.count(),
        "open": Deal.objects.open().count(),
        "stays": StageHistory.objects.count(),
        "contacts": Contact.objects.count(),
        "organizations": Organization.objects.count(),
    }


def table(measured, beside):
    for person, of_pages in measured.items():
        yield f"\n### The {person}\n\n| page | buffers | beside | ms | rows | how |\n"
        yield "|---|--:|--:|--:|--:|---|\n"
        for page, queries in of_pages.items():
            others = beside.get(person, {}).get(page, [])
            for number, query in enumerate(queries):
                other = others[number]["buffers"] if len(others) == len(queries) else ""
                name = page if number == 0 else ""
                cells = (query["buffers"], other, query["ms"], query["rows"], query["way"])
                yield f"| {name} | {' | '.join(str(cell) for cell in cells)} |\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", help="also write the figures to this file")
    parser.add_argument("--beside", help="a file that --keep wrote, of another base")
    asked = parser.parse_args()

    logging.disable(logging.CRITICAL)  # its lines would stand between the figures
    import django
    from django.conf import settings

    from crm_site.base import running_or_own

    with running_or_own(settings.CRM_DATA_DIR):
        django.setup()
        told = {"sizes": sizes()} | measure()
        django.db.connection.close()
    if asked.keep:
        with open(asked.keep, "w") as file:
            json.dump(told, file)
    beside = {"sizes": {}, "measured": {}}
    if asked.beside:
        with open(asked.beside) as file:
            beside = json.load(file)
    sys.stdout.write("# Figures of docs/explain.md\n\nWritten by `tests/bench/explain.py`.\n\n")
    for name, count in told["sizes"].items():
        sys.stdout.write(f"- {name}: {count:,}, beside {beside['sizes'].get(name, 0):,}\n")
    sys.stdout.writelines(table(told["measured"], beside["measured"]))
    for page, plans in told["plans"].items():
        sys.stdout.write(f"\n### Plans: {page}\n")
        for plan in plans:
            sys.stdout.write("\n```\n" + "\n".join(plan) + "\n```\n")


if __name__ == "__main__":
    main()
