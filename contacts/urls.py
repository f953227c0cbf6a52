"""The addresses of contacts."""

from django.urls import path

from .views import card, doors, form, list

app_name = "contacts"

urlpatterns = [
    path("contacts/", list.contact_list, name="contact_list"),
    path("contacts/new/", form.contact_new, name="contact_new"),
    path("contacts/doubles/", form.contact_doubles, name="contact_doubles"),
    path("contacts/<int:pk>/", card.contact_card, name="contact_card"),
    path("contacts/<int:pk>/changes", card.contact_changes, name="contact_changes"),
    path("contacts/<int:pk>/edit/", form.contact_edit, name="contact_edit"),
    path("contacts/<int:pk>/field/<slug:name>/", card.contact_field, name="contact_field"),
    path("contacts/<int:pk>/assign/", doors.contact_assign, name="contact_assign"),
    path("contacts/<int:pk>/archive/", doors.contact_archive, name="contact_archive"),
    path("contacts/<int:pk>/restore/", doors.contact_restore, name="contact_restore"),
]
