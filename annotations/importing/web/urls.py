from django.urls import path

from . import views

urlpatterns = [
    path("", views.upload, name="import"),
    path("type/", views.type_over, name="import_type"),
    path("<int:pk>/", views.batch_page, name="import_batch"),
    path("<int:pk>/progress/", views.progress, name="import_progress"),
    path("<int:pk>/choices/", views.choose_reading, name="import_choices"),
    path("<int:pk>/mapping/", views.take_mapping, name="import_mapping_file"),
    path("mappings/<int:mapping>/", views.mapping_file, name="import_mapping"),
    path("<int:pk>/start/", views.start, name="import_start"),
    path("<int:pk>/cancel/", views.give_up, name="import_cancel"),
]
