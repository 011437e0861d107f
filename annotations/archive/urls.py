from django.urls import path

from . import views

urlpatterns = [
    path("s/<slug:slug>/archive/", views.archive, name="archive"),
    path("studies/load/", views.arrivals, name="arrivals"),
    path("studies/load/<int:pk>/", views.arrival, name="arrival"),
    path("studies/load/<int:pk>/forget/", views.arrival_forget, name="arrival_forget"),
]
