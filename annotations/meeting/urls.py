from django.urls import path

from .views import own, preparing, wall

urlpatterns = [
    path("", preparing.meetings, name="meetings"),
    path("now/", own.meeting_now, name="meeting_now"),
    path("<int:pk>/", preparing.meeting, name="meeting"),
    path("<int:pk>/agenda/", preparing.agenda, name="meeting_agenda"),
    path("<int:pk>/minutes/", preparing.minutes, name="meeting_minutes"),
    path("<int:pk>/minutes.docx", preparing.minutes_docx, name="meeting_minutes_docx"),
    path("<int:pk>/wall/", wall.wall, name="meeting_wall"),
    path("<int:pk>/wall/act/", wall.act, name="meeting_act"),
    path("<int:pk>/wall/outcome/", wall.decide, name="meeting_outcome"),
    path("<int:pk>/wall/reveal/", wall.show_texts, name="meeting_reveal"),
]
