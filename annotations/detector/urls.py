from django.urls import path

from .views import rules, score

urlpatterns = [
    path("", score.detector, name="detector"),
    path("rescan/", score.start_rescan, name="detector_rescan"),
    path("rescan/progress/", score.rescan_progress, name="detector_rescan_progress"),
    path("rules/", rules.rules, name="detector_rules"),
    path("rules/try/", rules.try_rule, name="detector_rule"),
    path("rules/accept/", rules.accept_rule, name="detector_rule_accept"),
    path("rules/turn-down/", rules.turn_down_rule, name="detector_rule_turn_down"),
    path("rules/<int:rule_id>/withdraw/", rules.withdraw_rule, name="detector_rule_withdraw"),
    path("rules/file/", rules.rules_file, name="detector_rules_file"),
    path("rules/take/", rules.take_rules, name="detector_rules_take"),
    path("<slug:info_type>/<str:kind>/", score.misses, name="detector_misses"),
]
