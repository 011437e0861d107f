from django.urls import path

from . import views

urlpatterns = [
    path("", views.detector, name="detector"),
    path("rescan/", views.start_rescan, name="detector_rescan"),
    path("<slug:info_type>/<str:kind>/", views.misses, name="detector_misses"),
]
