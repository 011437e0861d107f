from django.urls import path

from .views import cases, pages, saved

urlpatterns = [
    path("", pages.results, name="results"),
    path("results.csv", pages.results_csv, name="results_csv"),
    path("table/", pages.table, name="results_table"),
    path("units/", pages.units, name="results_units"),
    path("cases/<str:case>/", cases.cases, name="results_cases"),
    path("tables/", saved.save, name="save_table"),
    path("tables/<int:table>/", saved.own_table, name="saved_table"),
    path("tables/<int:table>/change/", saved.change, name="change_table"),
]
