from django.urls import path

from . import views

urlpatterns = [
    path("", views.report, name="report"),
    path("report.docx", views.report_docx, name="report_docx"),
    path("advice/<int:organisation>/", views.advice, name="advice"),
    path("advice/<int:organisation>/advice.docx", views.advice_docx, name="advice_docx"),
]
