"""The whole application: wires the slices to the site and decides nothing."""

from __future__ import annotations

from referral.accountability import api as accountability_api
from referral.accountability import pages as accountability_pages
from referral.accounts import api as accounts_api
from referral.accounts import pages as accounts_pages
from referral.accounts.door import Door
from referral.caseload import api as caseload_api
from referral.caseload import pages as caseload_pages
from referral.config import Settings
from referral.core import clock, database, encryption, keys, logging
from referral.desk import pages as desk_pages
from referral.directory import api as directory_api
from referral.directory import pages as directory_pages
from referral.directory.api import open_referral as open_feed
from referral.files import configuring as files
from referral.outbox import channels, rendering
from referral.outcomes import api as outcomes_api
from referral.outcomes import pages as outcomes_pages
from referral.partnership import api as partnership_api
from referral.partnership import pages as partnership_pages
from referral.people import api as people_api
from referral.people import pages as people_pages
from referral.places import lookup
from referral.referrals import api as referrals_api
from referral.referrals import lifecycle
from referral.referrals import pages as referrals_pages
from referral.vetting import api as vetting_api
from referral.vetting import pages as vetting_pages
from referral.web import site
from referral.web.api import Blueprint as ApiBlueprint
from referral.web.door import Site
from referral.web.pages import Blueprint

# A slice's doors, one line each.
PAGES: list[Blueprint] = [
    accounts_pages.bp,
    people_pages.bp,
    accountability_pages.bp,
    caseload_pages.bp,
    desk_pages.bp,
    desk_pages.status.bp,
    directory_pages.bp,
    open_feed.bp,
    outcomes_pages.bp,
    partnership_pages.bp,
    vetting_pages.bp,
    *referrals_pages.BLUEPRINTS,
]
APIS: list[ApiBlueprint] = [
    accounts_api.bp,
    people_api.bp,
    referrals_api.bp,
    accountability_api.bp,
    caseload_api.bp,
    directory_api.bp,
    outcomes_api.bp,
    partnership_api.bp,
    vetting_api.bp,
]


def create_app(settings: Settings | None = None) -> Site:
    """The site on the database, keys and clock of ``settings`` (default: the environment's)."""
    settings = settings or Settings.from_environ()
    logging.configure(settings.log_level)
    clock.shift(settings.time_shift)
    opened = database.Database(settings.database_url)
    encryption.use(keys.of(opened, settings.key_file))
    database.use(opened)
    files.configure(settings)
    rendering.configure(settings.product_name, settings.base_url)
    lookup.configure(settings.postcodes_url)
    channels.configure(settings)
    door = Door(settings)
    wiring = site.Wiring(
        pages=PAGES,
        apis=APIS,
        load_actor=door.load_actor,
        allows=door.allows,
        navigation=door.navigation,
        statuses=lifecycle.STATUSES,
    )
    made = site.make(settings, wiring)
    door.install(made)
    return made
