from django.urls import path

from . import views

urlpatterns = [
    path("", views.quotations, name="quotations"),
    path("new/", views.new, name="quotation_new"),
    path("check/", views.check, name="quotation_check"),
    path("<int:quotation>/", views.one, name="quotation"),
]
