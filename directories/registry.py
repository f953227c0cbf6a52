"""Which models have described fields: rooms below register theirs, this room knows none of them."""

MODELS: dict[str, type] = {}  # entity → model, in the order of the rooms


def described(model):
    """Register `model`, which has an `entity`, the fields it names in `described`, and `custom` values.

    What is registered can have own fields, is re-pointed when an entry is merged, and can be chosen
    by name in a form.
    """
    MODELS[str(model.entity)] = model
    return model


def model_of(entity):
    """Return the model registered for `entity`, None if there is none."""
    return MODELS.get(str(entity))


def below_first():
    """The registered models in the order in which doors lock them: deals, contacts, organizations…"""
    return list(reversed(MODELS.values()))
