"""The public data set of a B2B sales team, through the import alone."""

from django.conf import settings
from django.db import transaction

from accounts.models import User
from exchange.sets import ImportSet

from . import ground

FOLDER = settings.BASE_DIR / "tests" / "data" / "crm-sales-opportunities"


def make(mark, *, secret, tell):
    """Make the demo, or go on with it at the row where it was cut off."""
    import_set = ImportSet("b2b.toml", FOLDER)
    if mark is None:
        with transaction.atomic():
            mark = ground.begin("b2b", import_set.told["company"], secret=secret)
            ground.person("owner", "owner", language="en", secret=secret)
            import_set.prepare()
    else:
        ground.take_numbers_back()
    admin = User.objects.select_related("role", "team").get(email="admin@example.com")
    for bringing in import_set.bring_in(by=admin, only_unfinished=True):
        tell(bringing)
    return mark
