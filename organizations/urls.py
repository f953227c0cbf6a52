"""The addresses of organizations."""

from django.urls import path

from .views import card, doors, form, list

app_name = "organizations"

urlpatterns = [
    path("organizations/", list.organization_list, name="organization_list"),
    path("organizations/new/", form.organization_new, name="organization_new"),
    path("organizations/doubles/", form.organization_doubles, name="organization_doubles"),
    path("organizations/<int:pk>/", card.organization_card, name="organization_card"),
    path("organizations/<int:pk>/changes", card.organization_changes, name="organization_changes"),
    path("organizations/<int:pk>/edit/", form.organization_edit, name="organization_edit"),
    path("organizations/<int:pk>/field/<slug:name>/", card.organization_field, name="organization_field"),
    path("organizations/<int:pk>/assign/", doors.organization_assign, name="organization_assign"),
    path("organizations/<int:pk>/archive/", doors.organization_archive, name="organization_archive"),
    path("organizations/<int:pk>/restore/", doors.organization_restore, name="organization_restore"),
]
