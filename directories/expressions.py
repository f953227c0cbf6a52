"""Own values in SQL: JSONB compared with JSONB, never through a cast (FACTS 24)."""

from django.db.models import CharField, Func, JSONField, TextField, Value
from django.db.models.lookups import Exact, GreaterThanOrEqual, In, LessThanOrEqual

CUSTOM_COLUMN = "custom"


class OwnValue(Func):
    """`(custom -> 'code')`, the expression that the index of an own field is made of.

    Django's own key transform reads a code of digits as a place in a list.
    """

    template = "(%(expressions)s)"
    arg_joiner = " -> "
    output_field = JSONField()

    def __init__(self, code):
        super().__init__(CUSTOM_COLUMN, Value(code, CharField()))


class OwnText(Func):
    """`(custom ->> 'code')`: an own value as text."""

    template = "(%(expressions)s)"
    arg_joiner = " ->> "
    output_field = TextField()

    def __init__(self, code):
        super().__init__(CUSTOM_COLUMN, Value(code, CharField()))


class TypeOf(Func):
    """`jsonb_typeof(…)`: number, string, null."""

    function = "jsonb_typeof"
    arity = 1
    output_field = TextField()


def own_between(queryset, code, low, high, json_type):
    """Keep the rows whose own value `code` is of `json_type` and within [`low`, `high`]; None is no limit.

    A value of another type is left out: JSONB has an order over all types, in which it would fall somewhere.
    """
    if low is None and high is None:
        return queryset
    value = OwnValue(code)
    queryset = queryset.filter(Exact(TypeOf(value), json_type))
    if low is not None:
        queryset = queryset.filter(GreaterThanOrEqual(value, low))
    if high is not None:
        queryset = queryset.filter(LessThanOrEqual(value, high))
    return queryset


def own_among(queryset, code, values):
    """Keep the rows whose own value `code` is one of `values`."""
    return queryset.filter(In(OwnValue(code), list(values)))
