"""Makes a study: everything it needs before the first import, in one transaction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from ..accounts.members import add_member
from ..errors import BadInput
from ..models import Event, Membership, Study
from .change import check_numbers, check_privacy
from .codebook_choice import chosen_modules, stored_version
from .organisations import OrganisationInput, add_organisations, check_organisations

SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
SLUG_LENGTH = 60
NAME_LENGTH = 200


@transaction.atomic
def create_study(
    *,
    slug: str,
    name: str,
    codebook: str | bytes,
    language: str = Study.Language.NL,
    description: str = "",
    organisations: Sequence[OrganisationInput] = (),
    modules: Sequence[str] | None = None,
    privacy: str = Study.Privacy.MASKED,
    new_user_days: int = 30,
    many_data_threshold: int = 3,
    withheld_share: Decimal = Decimal(0),
    actor_id: int | None = None,
    supervisor_id: int | None = None,
) -> Study:
    """A new study.

    `codebook`: key of a built-in one, or the text of a YAML file. `modules`: keys of those to switch on;
    None: the codebook's own choice. `supervisor_id`: who becomes its first supervisor.
    Raises BadInput with a sentence per problem; then nothing is stored.
    """
    name = " ".join(name.split())
    problems = check_names(slug, name, language)
    problems += check_privacy(privacy, withheld_share)
    problems += check_numbers(new_user_days, many_data_threshold, withheld_share)
    problems += check_organisations(organisations)
    if problems:
        raise BadInput(problems)
    version = stored_version(codebook, actor_id=actor_id)
    study = Study.objects.create(
        slug=slug,
        name=name,
        language=language,
        description=description.strip(),
        privacy=privacy,
        codebook_version=version,
        modules=chosen_modules(version, modules),
        new_user_days=new_user_days,
        many_data_threshold=many_data_threshold,
        withheld_share=withheld_share,
        created_by_id=actor_id,
    )
    add_organisations(study, organisations)
    if supervisor_id is not None:
        username = get_user_model().objects.values_list("username", flat=True).get(pk=supervisor_id)
        add_member(study, username, Membership.Role.SUPERVISOR, actor_id=actor_id)
    Event.objects.record(
        "study.created",
        actor_id=actor_id,
        study_id=study.pk,
        subject=study,
        after={
            "slug": slug,
            "name": name,
            "language": language,
            "privacy": privacy,
            "codebook": version.codebook.key,
            "codebook_version": version.number,
            "modules": study.modules,
            "organisations": [organisation.name for organisation in organisations],
        },
    )
    return study


def check_names(slug: str, name: str, language: str) -> list[str]:
    problems = []
    if not SLUG.fullmatch(slug) or len(slug) > SLUG_LENGTH:
        problems.append(
            _("“%(slug)s” cannot be a study's address: use small letters, digits and hyphens, at most 60.")
            % {"slug": slug[:80]}
        )
    elif Study.objects.filter(slug=slug).exists():
        problems.append(_("There is a study at the address “%(slug)s” already.") % {"slug": slug})
    if not 1 <= len(name) <= NAME_LENGTH:
        problems.append(_("Give the study a name of 1 to 200 characters."))
    if language not in Study.Language.values:
        problems.append(_("Choose nl or en as the language."))
    return problems


def may_create(user_id: int) -> bool:
    """Administrators and whoever supervises a study already."""
    supervises = Membership.objects.filter(
        user_id=user_id, role=Membership.Role.SUPERVISOR, is_active=True
    ).exists()
    return supervises or get_user_model().objects.filter(pk=user_id, is_staff=True, is_active=True).exists()
