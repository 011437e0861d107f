from django.urls import path

from . import views

urlpatterns = [
    path("", views.reliability, name="reliability"),
    path("csv/", views.reliability_csv, name="reliability_csv"),
    path("<slug:variable>/", views.reliability_variable, name="reliability_variable"),
    path("<slug:variable>/units/", views.reliability_units, name="reliability_units"),
    path("<slug:variable>/units/<int:number>/", views.reliability_unit, name="reliability_unit"),
]
