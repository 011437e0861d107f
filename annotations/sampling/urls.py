from django.urls import path

from . import views

urlpatterns = [
    path("s/<slug:slug>/rounds/", views.rounds, name="rounds"),
    path("s/<slug:slug>/rounds/new/", views.round_new, name="round_new"),
    path("s/<slug:slug>/rounds/<int:pk>/", views.round_page, name="round"),
    path("s/<slug:slug>/rounds/<int:pk>/add/", views.round_add, name="round_add"),
    path("s/<slug:slug>/rounds/<int:pk>/drawing/", views.round_drawing, name="round_drawing"),
    path("s/<slug:slug>/rounds/<int:pk>/move/", views.round_move, name="round_move"),
    path("s/<slug:slug>/rounds/<int:pk>/share/", views.round_share, name="round_share"),
    path("s/<slug:slug>/rounds/<int:pk>/state/", views.round_state, name="round_state"),
]
