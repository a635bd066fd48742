"""The composition root: the only module that knows every room."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, Settings
from portal import commands
from portal.accounts import access as accounts_access
from portal.accounts import post as accounts_post
from portal.accounts import providers as accounts_providers
from portal.accounts import session as accounts_session
from portal.accounts import views as accounts_views
from portal.admin import access as admin_access
from portal.admin import views as admin_views
from portal.backpack import access as backpack_access
from portal.backpack import erasing as backpack_erasing
from portal.backpack import services as backpack
from portal.backpack import views as backpack_views
from portal.badges import access as badges_access
from portal.badges import erasing as badges_erasing
from portal.badges import providers as badges_providers
from portal.badges import views as badges_views
from portal.badges.designer import access as designer_access
from portal.badges.designer import providers as designer_providers
from portal.badges.designer import views as designer_views
from portal.certificates import access as certificates_access
from portal.certificates import erasing as certificates_erasing
from portal.certificates import providers as certificates_providers
from portal.certificates import views as certificates_views
from portal.checking import access as checking_access
from portal.checking import views as checking_views
from portal.core import db, i18n, jobs, storage
from portal.core.settings import address_of
from portal.core.settings import settings as installation
from portal.delivery import access as delivery_access
from portal.delivery import views as delivery_views
from portal.learning import access as learning_access
from portal.learning import erasing as learning_erasing
from portal.learning import views as learning_views
from portal.learning.award_keepers import InstructorsKeepAwards
from portal.learning.badge_use import PathsThatUseBadges
from portal.learning.certificate_paths import PathsOfCertificates
from portal.learning.published_work import WorkOfMembers
from portal.learning.services.audiences import PathsFollowGroups
from portal.notices import access as notices_access
from portal.notices import erasing as notices_erasing
from portal.notices import services as notices
from portal.notices import views as notices_views
from portal.transcript import access as transcript_access
from portal.transcript import views as transcript_views
from portal.web import assets, converters, errors, headers, incoming, limits, pages, sessions, sizes, stamps, theme
from portal.web import views as web_views

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Blueprint

    from portal.accounts.models import Person

MAX_REQUEST_BYTES = 12 * 1024 * 1024
ACCESS: tuple[Any, ...] = (
    accounts_access,
    notices_access,
    badges_access,
    designer_access,
    backpack_access,
    checking_access,
    delivery_access,
    certificates_access,
    learning_access,
    transcript_access,
    admin_access,
)
BLUEPRINTS: tuple[Blueprint, ...] = (
    web_views.bp,
    accounts_views.bp,
    notices_views.bp,
    badges_views.bp,
    designer_views.bp,
    backpack_views.bp,
    checking_views.bp,
    delivery_views.bp,
    certificates_views.bp,
    learning_views.bp,
    learning_views.authoring,
    transcript_views.bp,
    admin_views.bp,
)
csrf = CSRFProtect()

# What lower rooms need to know from above.
accounts_providers.set_group_follower(PathsFollowGroups())
accounts_providers.set_erasures(
    (learning_erasing, certificates_erasing, backpack_erasing, badges_erasing, notices_erasing)
)
badges_providers.set_award_keepers(InstructorsKeepAwards())
designer_providers.set_use_provider(PathsThatUseBadges())
certificates_providers.set_path_provider(PathsOfCertificates())
certificates_providers.set_evidence_provider(WorkOfMembers())


class OwnBackpack:
    """The built-in backpack, as the demo academy is handed it."""

    def allow(self, person: Person) -> Mapping[str, str]:
        """Let this portal push badges to a person; return what the consent page would send back."""
        tokens = backpack.allow_portal(person, installation().origin, "issue")
        return {
            "access_token": tokens.access,
            "refresh_token": tokens.refresh,
            "expires": str(tokens.expires),
            "api_root": address_of("backpack.home") + "/api",
        }

    def show_all(self, person: Person, collection: str) -> None:
        """Put every badge that a person holds into a new public collection."""
        held = db.session().scalars(backpack.badges_of(backpack.owner_of(person)))
        backpack.create_collection(person, name=collection, public=True, badges=held)


def create_app(settings: Settings | None = None) -> Flask:
    """Make the portal from its settings (the environment's where none are given); raise where it must not start."""
    settings = settings or Settings.from_environment()
    app = Flask("portal", root_path=str(ROOT / "portal"), template_folder=str(ROOT / "templates"), static_folder=None)
    _configure(app, settings)
    db.init_app(app)
    storage.init_app(app, settings.data_folder / "files")
    jobs.init_app(
        app,
        queue_file=settings.data_folder / "queue.db",
        redis_url=settings.redis_url,
        in_memory=settings.testing,
    )
    i18n.init_app(app, accounts_session.reader)
    limits.init_app(app, settings.redis_url)
    _open_rooms(app)
    commands.init_app(app)
    app.extensions["laurel_demo_backpack"] = OwnBackpack()
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies
        )
    return app


def _configure(app: Flask, settings: Settings) -> None:
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    app.testing = settings.testing
    app.secret_key = settings.secret_key
    app.extensions["laurel_settings"] = settings
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_COOKIE_NAME=f"laurel-{settings.cookie_suffix}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_CSRF_SSL_STRICT=False,
        BABEL_DEFAULT_LOCALE=settings.languages[0],
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "portal" / "translations"),
    )
    if not settings.testing:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
        logging.getLogger("huey").setLevel(logging.WARNING)


def _open_rooms(app: Flask) -> None:
    rules: dict[Any, Any] = {}
    converters.init_app(app)
    incoming.init_app(app)
    for access in ACCESS:
        rules.update(access.RULES)
        for name, load in access.LOADERS.items():
            converters.add(app, name, load)
    app.extensions["laurel_rules"] = rules
    sizes.init_app(app)
    sessions.init_app(app)
    accounts_session.init_app(app)
    accounts_post.init_app(app, notices.mail)
    csrf.init_app(app)
    headers.init_app(app)
    pages.init_app(app)
    assets.init_app(app)
    theme.init_app(app)
    errors.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for view in app.view_functions.values():
        if stamps.is_csrf_free(view):
            csrf.exempt(view)
    with app.app_context():
        _bind_bell(app)
    stamps.check_app(app)


def _bind_bell(app: Flask) -> None:
    """Hand every session the bell of its app, so that a commit can ring it."""
    bell = jobs.bell(app)
    db.db.session.session_factory.configure(info={"bell": bell.ring})
