"""The way round the house, for every page."""


def navigation(request):
    """The entries of the side bar, each a dict of label, icon, url, active, children."""
    return {"navigation": []}
