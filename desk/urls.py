"""The addresses of the desk: the way in, the first run, search."""

from django.urls import path

from .views import home, search, setup

app_name = "desk"

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("setup/", setup.first_admin, name="setup"),
    path("setup/company/", setup.company, name="setup_company"),
    path("setup/colleagues/", setup.colleagues, name="setup_colleagues"),
]
