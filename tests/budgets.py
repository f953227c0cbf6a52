"""How many queries each screen asks, whether it shows 3 rows of a thing or 60."""

BUDGETS: dict[str, int] = {}
