from django.urls import path

from . import views

urlpatterns = [
    path("", views.comparison_results, name="comparison_results"),
    path("comparison.csv", views.comparison_csv, name="comparison_csv"),
]
