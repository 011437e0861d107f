from django.urls import path

from . import views

urlpatterns = [
    path("", views.watch, name="watch"),
    path("<int:pk>/weave/", views.watch_weave, name="watch_weave"),
    path("<int:pk>/again/", views.watch_again, name="watch_again"),
    path("<int:pk>/twins/", views.watch_twins, name="watch_twins"),
]
