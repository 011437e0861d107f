from django.urls import path

from . import views

urlpatterns = [
    path("", views.questions, name="questions"),
    path("count/", views.questions_count, name="questions_count"),
    path("<int:pk>/", views.question, name="question"),
    path("<int:pk>/read/", views.question_read, name="question_read"),
    path("ask/<int:assignment>/", views.question_ask, name="question_ask"),
]
