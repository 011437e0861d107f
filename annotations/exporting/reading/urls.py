from django.urls import path

from . import views

urlpatterns = [
    path("", views.codings, name="codings"),
    path("<int:pk>/", views.codings_upload, name="codings_upload"),
    path("<int:pk>/columns/", views.codings_columns, name="codings_columns"),
    path("<int:pk>/draft/", views.codings_draft, name="codings_draft"),
    path("<int:pk>/store/", views.store_codings, name="codings_store"),
    path("<int:pk>/delete/", views.delete_codings, name="codings_delete"),
]
