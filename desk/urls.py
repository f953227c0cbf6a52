"""The addresses of the desk: the way in, the first run, search."""

from django.urls import path

from .views import home, setup

app_name = "desk"

urlpatterns = [
    path("", home.home, name="home"),
    path("setup/", setup.first_admin, name="setup"),
    path("setup/company/", setup.company, name="setup_company"),
]
