from django.urls import path

from . import views

urlpatterns = [path("<str:figure>/<str:look>.<str:ending>", views.figure, name="figure")]
