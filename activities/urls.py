"""The addresses of activities: on the record they are made on, and their own."""

from django.urls import path, register_converter

from . import views

app_name = "activities"


class SubjectConverter:
    """`deals`, `contacts`, `organizations` in an address; in a view and in `{% url %}` the entity."""

    regex = "deals|contacts|organizations"

    def to_python(self, value):
        return value.removesuffix("s")

    def to_url(self, value):
        return f"{value}s"


register_converter(SubjectConverter, "subject")

urlpatterns = [
    path("<subject:entity>/<int:pk>/notes/", views.note_add, name="note_add"),
    path("<subject:entity>/<int:pk>/tasks/", views.task_add, name="task_add"),
    path("activities/<int:pk>/complete/", views.task_complete, name="task_complete"),
    path("activities/<int:pk>/reopen/", views.task_reopen, name="task_reopen"),
    path("activities/<int:pk>/replan/", views.task_replan, name="task_replan"),
]
