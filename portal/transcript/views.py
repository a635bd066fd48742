"""The learning transcript: certificates, learning paths, and the Open Badges of public collections."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, redirect, request, url_for

from portal.accounts.services import current_person, search_people
from portal.badges import services as badges
from portal.certificates import services as certificates
from portal.core.db import commit, session
from portal.core.settings import settings
from portal.delivery import services as delivery
from portal.delivery.reading import services as reading
from portal.learning import services as learning
from portal.transcript.paper import Transcript, transcript_pdf
from portal.web.badge_checks import spoken
from portal.web.forms import Form
from portal.web.limits import limit
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission, Role
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.accounts.models import Person
    from portal.certificates.models import Certificate
    from portal.learning.models import Membership

bp = Blueprint("transcript", __name__)
PER_PAGE = 24
MOST_PRINTED = 500
OWN = {
    "certificates": "transcript.certificates",
    "learning_paths": "transcript.learning_paths",
    "open_badges": "transcript.open_badges",
    "print": "transcript.print_view",
    "pdf": "transcript.pdf",
}


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _address(name: str, learner: Person | None) -> str:
    if learner is None:
        return url_for(OWN[name])
    return url_for(f"transcript.{name}_of", learner=learner)


def _page(tab: str, learner: Person, **context: Any) -> str:
    own = learner.id == current_person().id
    return page(
        f"transcript/{tab}.html",
        tab=tab,
        learner=learner,
        own=own,
        address=lambda name: _address(name, None if own else learner),
        instant=_instant,
        spoken=spoken,
        **context,
    )


def _certificates(learner: Person) -> str:
    return _page(
        "certificates",
        learner,
        certificates=paginate(certificates.certificates_of(learner), per_page=PER_PAGE),
    )


def _learning_paths(learner: Person) -> str:
    return _page("learning_paths", learner, memberships=paginate(learning.paths_of(learner), per_page=PER_PAGE))


def _open_badges(learner: Person) -> str:
    return _page(
        "open_badges",
        learner,
        shown=reading.shown_collections(learner),
        keyword=delivery.settings().collection_keyword,
        backpack_url=delivery.backpack_address(),
        form=Form(),
    )


def _print(learner: Person) -> str:
    return _page(
        "print",
        learner,
        certificates=_all_certificates(learner),
        memberships=_all_memberships(learner),
        shown=reading.shown_collections(learner),
    )


def _all_certificates(learner: Person) -> list[Certificate]:
    return list(session().scalars(certificates.certificates_of(learner).limit(MOST_PRINTED)).unique())


def _all_memberships(learner: Person) -> list[Membership]:
    return list(session().scalars(learning.paths_of(learner).limit(MOST_PRINTED)).unique())


def _pdf(learner: Person) -> Response:
    issuer = badges.issuer()
    whole = Transcript(
        learner=learner,
        issuer=issuer.name if issuer is not None and issuer.name else settings().site_name,
        certificates=_all_certificates(learner),
        memberships=_all_memberships(learner),
        collections=reading.shown_collections(learner).collections,
    )
    answer = Response(transcript_pdf(whole), content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="transcript.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/transcript", endpoint="certificates")
@requires(Permission.TRANSCRIPT_SEE)
def certificates_tab() -> ResponseReturnValue:
    """Show one's own certificates."""
    return _certificates(current_person())


@bp.get("/transcript/learning-paths", endpoint="learning_paths")
@requires(Permission.TRANSCRIPT_SEE)
def learning_paths_tab() -> ResponseReturnValue:
    """Show one's own learning paths."""
    return _learning_paths(current_person())


@bp.get("/transcript/open-badges", endpoint="open_badges")
@requires(Permission.TRANSCRIPT_SEE)
def open_badges_tab() -> ResponseReturnValue:
    """Show the badges of one's own public collections."""
    return _open_badges(current_person())


@bp.get("/transcript/print")
@requires(Permission.TRANSCRIPT_SEE)
def print_view() -> ResponseReturnValue:
    """Show one's own transcript whole, to be printed."""
    return _print(current_person())


@bp.get("/transcript/transcript.pdf")
@requires(Permission.TRANSCRIPT_SEE)
@limit("transcript-pdf", "30/minute")
def pdf() -> ResponseReturnValue:
    """Send one's own transcript whole as PDF."""
    return _pdf(current_person())


@bp.post("/transcript/open-badges/refresh")
@requires(Permission.TRANSCRIPT_SEE)
def refresh() -> ResponseReturnValue:
    """Have one's own public collections read anew."""
    reading.refresh(current_person())
    commit()
    return redirect(url_for("transcript.open_badges"))


@bp.get("/transcript/learners")
@requires(Permission.TRANSCRIPT_SEE_OTHERS)
def learners() -> ResponseReturnValue:
    """Choose a learner: instructors theirs, administrators anybody."""
    viewer, text = current_person(), request.args.get("q", "")
    everybody = viewer.role == Role.ADMINISTRATOR
    found = search_people(text) if everybody else learning.learners_of(viewer, text)
    return page("transcript/learners.html", people=paginate(found), q=text)


@bp.get("/transcript/of/<learner:learner>")
@requires(Permission.TRANSCRIPT_SEE_OTHERS, "learner")
def certificates_of(learner: Person) -> ResponseReturnValue:
    """Show a learner's certificates."""
    return _certificates(learner)


@bp.get("/transcript/of/<learner:learner>/learning-paths")
@requires(Permission.TRANSCRIPT_SEE_OTHERS, "learner")
def learning_paths_of(learner: Person) -> ResponseReturnValue:
    """Show a learner's learning paths."""
    return _learning_paths(learner)


@bp.get("/transcript/of/<learner:learner>/open-badges")
@requires(Permission.TRANSCRIPT_SEE_OTHERS, "learner")
def open_badges_of(learner: Person) -> ResponseReturnValue:
    """Show the badges of a learner's public collections, as they were last read for the learner."""
    return _open_badges(learner)


@bp.get("/transcript/of/<learner:learner>/print")
@requires(Permission.TRANSCRIPT_SEE_OTHERS, "learner")
def print_of(learner: Person) -> ResponseReturnValue:
    """Show a learner's transcript whole, to be printed."""
    return _print(learner)


@bp.get("/transcript/of/<learner:learner>/transcript.pdf")
@requires(Permission.TRANSCRIPT_SEE_OTHERS, "learner")
@limit("transcript-pdf", "30/minute")
def pdf_of(learner: Person) -> ResponseReturnValue:
    """Send a learner's transcript whole as PDF."""
    return _pdf(learner)
