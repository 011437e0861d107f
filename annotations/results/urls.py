from django.urls import path

from . import views

urlpatterns = [
    path("", views.results, name="results"),
    path("results.csv", views.results_csv, name="results_csv"),
]
