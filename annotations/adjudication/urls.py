from django.urls import path

from .views import cases, desk, log

urlpatterns = [
    path("", desk.disagreements, name="disagreements"),
    path("count/", desk.disagreements_count, name="disagreements_count"),
    path("log/", log.decision_log, name="decision_log"),
    path("cases/<int:round_id>/<slug:variable>/", cases.cases, name="settled_cases"),
    path("log/csv/", log.decision_log_csv, name="decision_log_csv"),
    path(
        "<int:round_id>/<slug:variable>/<slug:level>/<int:unit_id>/",
        desk.settle_unit,
        name="settle",
    ),
    path(
        "<int:round_id>/<slug:variable>/<slug:level>/<int:unit_id>/reveal/",
        desk.reveal_unit,
        name="settle_reveal",
    ),
]
