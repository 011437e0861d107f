from django.urls import path

from .views import plan, rounds

urlpatterns = [
    path("s/<slug:slug>/rounds/", rounds.rounds, name="rounds"),
    path("s/<slug:slug>/rounds/new/", rounds.round_new, name="round_new"),
    path("s/<slug:slug>/rounds/<int:pk>/", rounds.round_page, name="round"),
    path("s/<slug:slug>/rounds/<int:pk>/add/", rounds.round_add, name="round_add"),
    path("s/<slug:slug>/rounds/<int:pk>/drawing/", rounds.round_drawing, name="round_drawing"),
    path("s/<slug:slug>/rounds/<int:pk>/move/", rounds.round_move, name="round_move"),
    path("s/<slug:slug>/rounds/<int:pk>/share/", rounds.round_share, name="round_share"),
    path("s/<slug:slug>/rounds/<int:pk>/plan/", plan.round_plan, name="round_plan"),
    path("s/<slug:slug>/rounds/<int:pk>/gate/", plan.round_gate_open, name="round_gate_open"),
    path("s/<slug:slug>/rounds/<int:pk>/state/", rounds.round_state, name="round_state"),
]
