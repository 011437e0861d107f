from django.urls import path

from .views import absence, codebook, home, log, organisations, organising, settings, study

urlpatterns = [
    path("", home.home, name="home"),
    path("studies/new/", home.study_new, name="study_new"),
    path("s/<slug:slug>/", study.study, name="study"),
    path("s/<slug:slug>/settings/", settings.study_settings, name="study_settings"),
    path("s/<slug:slug>/settings/codebook/", settings.codebook_upload, name="codebook_upload"),
    path("s/<slug:slug>/organisations/", organisations.organisations, name="organisations"),
    path("s/<slug:slug>/organisations/new/", organisations.organisation_new, name="organisation_new"),
    path("s/<slug:slug>/organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path(
        "s/<slug:slug>/organisations/<int:pk>/remove/",
        organisations.organisation_remove,
        name="organisation_remove",
    ),
    path("s/<slug:slug>/codebook/", codebook.codebook, name="codebook"),
    path("s/<slug:slug>/codebook/codebook.<str:suffix>", codebook.codebook_file, name="codebook_file"),
    path("s/<slug:slug>/statement/", organising.statement, name="statement"),
    path("s/<slug:slug>/organising/", organising.organising, name="organising"),
    path("s/<slug:slug>/organising/statement/", organising.organising_statement, name="organising_statement"),
    path("s/<slug:slug>/organising/copy/", organising.organising_copy, name="organising_copy"),
    path("s/<slug:slug>/organising/state/", organising.organising_state, name="organising_state"),
    path("s/<slug:slug>/away/", absence.absence, name="absence"),
    path("s/<slug:slug>/away/<int:pk>/remove/", absence.absence_remove, name="absence_remove"),
    path("s/<slug:slug>/log/", log.log, name="log"),
]
