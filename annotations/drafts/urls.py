from django.urls import path

from .views import cases, compare, editor, proposals, publishing

urlpatterns = [
    path("draft/", editor.draft_page, name="codebook_draft"),
    path("draft/start/", editor.draft_start, name="codebook_draft_start"),
    path("draft/edit/", editor.draft_edit, name="codebook_draft_edit"),
    path("draft/touched/", editor.draft_touched, name="codebook_draft_touched"),
    path("draft/hits/", editor.draft_hits, name="codebook_draft_hits"),
    path("draft/codebook.yaml", editor.draft_file, name="codebook_draft_file"),
    path("draft/upload/", editor.draft_upload, name="codebook_draft_upload"),
    path("draft/give-up/", editor.draft_give_up, name="codebook_draft_give_up"),
    path("publish/", publishing.publish_page, name="codebook_publish"),
    path("recode/", publishing.recode_page, name="codebook_recode"),
    path("recode/standing/", publishing.recode_standing, name="codebook_recode_standing"),
    path("compare/", compare.compare_page, name="codebook_compare"),
    path("cases/", cases.cases_page, name="codebook_cases"),
    path("proposals/", proposals.proposals_page, name="proposals"),
    path("proposals/new/", proposals.proposal_new, name="proposal_new"),
    path("proposals/<int:pk>/", proposals.proposal_answer, name="proposal_answer"),
]
