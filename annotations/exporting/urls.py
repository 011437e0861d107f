from django.urls import path

from . import views

urlpatterns = [
    path("", views.export, name="export"),
    path("<int:pk>/", views.download, name="export_file"),
    path("<int:pk>/progress/", views.progress, name="export_progress"),
    path("<int:pk>/delete/", views.delete, name="export_delete"),
]
