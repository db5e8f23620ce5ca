"""The people of an organisation: who they are, what they can do, their photos."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from flask import Response, make_response, request

from referral.accounts import queries as accounts
from referral.core.errors import Forbidden, Invalid, NotFound
from referral.core.i18n import _
from referral.directory import queries, schemas, services
from referral.directory.models import Profile
from referral.directory.pages.blueprint import bp
from referral.directory.portraits import BYTES_MAX
from referral.directory.queries import profiles
from referral.files import queries as files
from referral.web.door import actor, commits, takes_files
from referral.web.forms import Form
from referral.web.pages import redirect_to, render, say

# Twice what a photo may have: who sends one that is too large is told so beside the field.
UPLOAD_MAX = 2 * BYTES_MAX
FIELDS = (
    "name", "role", "can_do", "beyond_role", "ring_hours", "phone", "is_public", "user_id",
)  # fmt: skip


@bp.route("/directory/organisations/<uuid:organisation_id>/people", methods=["GET", "POST"])
@commits
def people(organisation_id: uuid.UUID) -> Response:
    """Who stands behind an organisation; its own people add themselves and each other."""
    found = queries.organisation(actor(), organisation_id)
    form = Form(schemas.Profile, lists=("services",))
    keeper = services.may_keep_people(actor(), found)
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            made = services.add_profile(actor(), organisation_id, data)
        except Invalid as error:
            form.refuse(error)
        else:
            say(_("Saved. A photo may be added here."))
            return redirect_to("directory.profile", profile_id=made.id)
    faces = queries.people_of(actor(), organisation_id)
    own = any(face.user_id == actor().id for face in faces)
    may_add = keeper or (services.may_add_people(actor(), found) and not own)
    return render(
        "directory/people.html",
        found=found,
        form=form,
        people=faces,
        keeper=keeper,
        may_add=may_add,
        **(_choices(organisation_id, keeper=keeper) if may_add else {}),
    )


@bp.route("/directory/people/<uuid:profile_id>", methods=["GET", "POST"])
@commits
def profile(profile_id: uuid.UUID) -> Response:
    """What is said of somebody, and their photo."""
    found, organisation = profiles.profile(actor(), profile_id)
    if not services.may_edit_profile(actor(), found, organisation):
        raise Forbidden
    form = _form(found)
    if request.method == "POST" and (data := form.read()) is not None:
        try:
            services.edit_profile(actor(), profile_id, data.pop("version"), data)
        except Invalid as error:
            form.refuse(error)
        else:
            say(_("Saved."))
            return redirect_to("directory.people", organisation_id=organisation.id)
    return _profile_page(profile_id, form, Form(schemas.Photo))


@bp.post("/directory/people/<uuid:profile_id>/remove")
@commits
def remove_profile(profile_id: uuid.UUID) -> Response:
    """Show somebody no longer."""
    found, organisation = profiles.profile(actor(), profile_id)
    data = Form(schemas.Version).read() or {"version": found.version}
    services.remove_profile(actor(), profile_id, data["version"])
    say(_("They are shown no longer, and their photo is deleted."))
    return redirect_to("directory.people", organisation_id=organisation.id)


@bp.get("/directory/people/<uuid:profile_id>/photo")
def photo(profile_id: uuid.UUID) -> Response:
    """The photo, to whom its owner agreed to show it."""
    found, _organisation = profiles.profile(actor(), profile_id)
    picture = files.get(found.photo) if found.photo and found.photo_consent_on else None
    if picture is None:
        raise NotFound
    response = make_response(picture)
    response.mimetype = "image/jpeg"
    response.headers["Content-Disposition"] = "inline; filename=photo.jpg"
    # Asked for again each time, so that agreement taken back counts at once.
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(hashlib.sha256(found.photo.encode()).hexdigest()[:32])
    response.make_conditional(request)
    return response


@bp.post("/directory/people/<uuid:profile_id>/photo")
@takes_files(UPLOAD_MAX)
@commits
def set_photo(profile_id: uuid.UUID) -> Response:
    """A new photo, with the agreement of whoever is on it."""
    form = Form(schemas.Photo)
    data = form.read()
    if data is not None:
        sent = request.files.get("picture")
        try:
            services.set_photo(
                actor(), profile_id, sent.read() if sent else b"", agreed=data["agreed"]
            )
        except Invalid as error:
            form.refuse(error)
        else:
            say(_("Saved. The photo is shown from now on."))
            return redirect_to("directory.profile", profile_id=profile_id)
    found, organisation = profiles.profile(actor(), profile_id)
    if not services.may_edit_profile(actor(), found, organisation):
        raise Forbidden
    return _profile_page(profile_id, _form(found), form)


@bp.post("/directory/people/<uuid:profile_id>/photo/remove")
@commits
def withdraw_photo(profile_id: uuid.UUID) -> Response:
    """Agreement taken back: the photo is deleted at once."""
    services.withdraw_photo(actor(), profile_id)
    say(_("The photo is deleted."))
    return redirect_to("directory.profile", profile_id=profile_id)


def _form(found: Profile) -> Form:
    values: dict[str, Any] = {name: getattr(found, name) for name in (*FIELDS, "version")}
    values["services"] = [str(id_) for id_ in profiles.services_of(found.id)]
    return Form(schemas.ProfileForm, lists=("services",), values=values)


def _profile_page(profile_id: uuid.UUID, form: Form, photo_form: Form) -> Response:
    found, organisation = profiles.profile(actor(), profile_id)
    keeper = services.may_keep_people(actor(), organisation)
    return render(
        "directory/profile.html",
        found=organisation,
        one=found,
        face=profiles.face_of(found),
        own=found.user_id == actor().id,
        form=form,
        photo_form=photo_form,
        keeper=keeper,
        **_choices(organisation.id, keeper=keeper),
    )


def _choices(organisation_id: uuid.UUID, *, keeper: bool) -> dict[str, Any]:
    """The services to stand behind and, for who keeps all profiles, the colleagues' accounts."""
    colleagues = accounts.users_with_roles(organisation_id) if keeper else []
    return {
        "services": [(str(id_), name) for id_, name in profiles.offered_by(organisation_id)],
        "colleagues": [(str(one.id), one.name) for one in colleagues],
    }
