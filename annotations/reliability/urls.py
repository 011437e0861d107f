from django.urls import path

from .views import methods, over_time, report

urlpatterns = [
    path("", report.reliability, name="reliability"),
    path("csv/", report.reliability_csv, name="reliability_csv"),
    path("methods/", methods.reliability_methods, name="reliability_methods"),
    path("methods/reliability.csv", methods.reliability_data_csv, name="reliability_data"),
    path("time/", over_time.reliability_time, name="reliability_time"),
    path("<slug:variable>/", report.reliability_variable, name="reliability_variable"),
    path("<slug:variable>/units/", report.reliability_units, name="reliability_units"),
    path("<slug:variable>/units/<int:number>/", report.reliability_unit, name="reliability_unit"),
]
