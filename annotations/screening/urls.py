from django.urls import path

from .views import agreement, plan, result, screen, settle

urlpatterns = [
    path("", plan.screenings, name="screenings"),
    path("new/", plan.screening_new, name="screening_new"),
    path("<int:pk>/", result.screening, name="screening"),
    path("<int:pk>/change/", plan.screening_change, name="screening_change"),
    path("<int:pk>/start/", plan.screening_start, name="screening_start"),
    path("<int:pk>/discard/", plan.screening_discard, name="screening_discard"),
    path("<int:pk>/progress/", plan.screening_progress, name="screening_progress"),
    path("<int:pk>/settle/", settle.screening_settle, name="screening_settle"),
    path("<int:pk>/settle/<int:screened>/", settle.screening_settle_unit, name="screening_settle_unit"),
    path(
        "<int:pk>/settle/<int:screened>/reveal/",
        settle.screening_settle_reveal,
        name="screening_settle_reveal",
    ),
    path("<int:pk>/agreement/", agreement.screening_agreement, name="screening_agreement"),
    path("<int:pk>/agreement/csv/", agreement.screening_agreement_csv, name="screening_agreement_csv"),
    path(
        "<int:pk>/agreement/reliability.csv",
        agreement.screening_agreement_data,
        name="screening_agreement_data",
    ),
    path(
        "<int:pk>/agreement/units/",
        agreement.screening_agreement_units,
        name="screening_agreement_units",
    ),
    path(
        "<int:pk>/agreement/units/<int:number>/",
        agreement.screening_agreement_unit,
        name="screening_agreement_unit",
    ),
    path("<int:pk>/sample/<int:track>/", result.screening_sample, name="screening_sample"),
    path("<int:pk>/compare/", result.screening_compare, name="screening_compare"),
    path("<int:pk>/round/", result.screening_round, name="screening_round"),
    path("screen/<int:track>/", screen.screen, name="screen"),
    path("screen/<int:track>/next/", screen.screen_next, name="screen_next"),
    path("screen/<int:track>/decide/", screen.screen_decide, name="screen_decide"),
    path("screen/<int:track>/undo/", screen.screen_undo, name="screen_undo"),
    path("screen/<int:track>/reveal/", screen.screen_reveal, name="screen_reveal"),
    path("screen/<int:track>/leave/", screen.screen_leave, name="screen_leave"),
]
