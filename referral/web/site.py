"""One site from its parts. It knows no slice: what belongs to them is handed in as ``Wiring``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from referral.config import Settings
from referral.core.actor import ANONYMOUS
from referral.core.folders import folder
from referral.web import about, access, api, door, problems, security, templating
from referral.web.pages import Blueprint, Navigate, Navigation


@dataclass(frozen=True)
class Wiring:
    """What the slices bring: doors, and who may come in through them."""

    pages: Sequence[Blueprint] = ()
    apis: Sequence[api.Blueprint] = ()
    load_actor: door.Loader = field(default=lambda _request: ANONYMOUS)
    allows: door.Allows = field(default=lambda _actor, _key: False)
    navigation: Navigate = field(default=lambda _actor: Navigation())
    statuses: Mapping[str, templating.Tagged] = field(default_factory=dict)
    access: Mapping[str, str] = field(default_factory=lambda: access.ACCESS)


def make(settings: Settings, wiring: Wiring) -> door.Site:
    """The site; raise ``access.Unlisted`` when an endpoint has no rule."""
    site = door.Site(
        "referral",
        static_folder=str(templating.STATIC),
        static_url_path="/static",
        template_folder=str(folder("templates")),
    )
    site.load_actor, site.allows = wiring.load_actor, wiring.allows
    site.access_rules = dict(wiring.access)
    site.config["BASE_URL"] = settings.base_url
    site.config["DATA_DIR"] = settings.data_dir
    security.configure(site, settings)
    security.install(site, settings)
    problems.install(site)
    templating.install(site, settings, wiring.navigation, wiring.statuses)
    for blueprint in (about.bp, *wiring.pages):
        site.register_blueprint(blueprint)
    api.install(site, settings.product_name, wiring.apis)
    access.check(site, site.access_rules)
    return site
