from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from webcare_coding import views

handler500 = "webcare_coding.trouble.on_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("language/", login_not_required(require_POST(set_language)), name="set_language"),
    path("", include("annotations.accounts.urls")),
    path("", include("annotations.studies.urls")),
    path("s/<slug:slug>/codebook/", include("annotations.drafts.urls")),
    path("", include("annotations.sampling.urls")),
    path("s/<slug:slug>/screening/", include("annotations.screening.urls")),
    path("s/<slug:slug>/sharp/", include("annotations.watch.urls")),
    path("s/<slug:slug>/training/", include("annotations.training.urls")),
    path("s/<slug:slug>/questions/", include("annotations.questions.urls")),
    path("s/<slug:slug>/meetings/", include("annotations.meeting.urls")),
    path("s/<slug:slug>/detector/", include("annotations.detector.urls")),
    path("s/<slug:slug>/reliability/", include("annotations.reliability.urls")),
    path("s/<slug:slug>/import/", include("annotations.importing.web.urls")),
    path("s/<slug:slug>/conversations/", include("annotations.conversations.urls")),
    path("s/<slug:slug>/results/comparison/", include("annotations.results.comparison.urls")),
    path("s/<slug:slug>/results/", include("annotations.results.urls")),
    path("s/<slug:slug>/quotations/", include("annotations.quotations.urls")),
    path("s/<slug:slug>/report/", include("annotations.documents.urls")),
    path("s/<slug:slug>/figures/", include("annotations.figures.urls")),
    path("s/<slug:slug>/export/", include("annotations.exporting.urls")),
    path("", include("annotations.archive.urls")),
    path("s/<slug:slug>/codings/", include("annotations.exporting.reading.urls")),
    path("", include("annotations.coding.urls")),
    path("s/<slug:slug>/disagreements/", include("annotations.adjudication.urls")),
]
