"""Who may do what, on one page: every permission and the roles that have it.

A role has a permission to do a *kind* of thing. Whether this person may do it to this object is said by the RULES in the
room's access.py.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is in this portal."""

    LEARNER = "learner"
    INSTRUCTOR = "instructor"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """Something that a person may do."""

    # everybody signed in, to what is theirs
    PROFILE_EDIT = "profile.edit"
    NOTICE_SEE = "notice.see"
    PATH_SEE = "path.see"
    PATH_JOIN = "path.join"
    PATH_LEARN = "path.learn"
    UPLOAD_SEE = "upload.see"
    CERTIFICATE_LIST = "certificate.list"
    CERTIFICATE_SEE = "certificate.see"
    CERTIFICATE_SHARE = "certificate.share"
    CERTIFICATE_EARN = "certificate.earn"
    CERTIFICATE_NEW_NAME = "certificate.new_name"
    AWARD_MANAGE_OWN = "award.manage_own"
    SENDING_SEE = "sending.see"
    BACKPACK_USE = "backpack.use"
    BACKPACK_BADGE = "backpack.badge"
    BACKPACK_COLLECTION = "backpack.collection"
    BACKPACK_PORTAL = "backpack.portal"
    CONNECTION_MANAGE = "connection.manage"
    TRANSCRIPT_SEE = "transcript.see"
    TRANSCRIPT_SEE_OTHERS = "transcript.see_others"

    # instructors, to paths of theirs
    AUTHORING_OPEN = "authoring.open"
    PATH_CREATE = "path.create"
    PATH_EDIT = "path.edit"
    PATH_PUBLISH = "path.publish"
    PATH_MEMBERS = "path.members"
    STEP_CONFIRM = "step.confirm"
    EVENT_DATE = "event.date"
    EVENT_ATTENDANCE = "event.attendance"
    ACTIVITY_KEY = "activity.key"
    CERTIFICATE_TEMPLATES = "certificate.templates"
    CERTIFICATE_TEMPLATE_EDIT = "certificate.template_edit"
    BADGE_DESIGN = "badge.design"
    BADGE_DESIGN_EDIT = "badge.design_edit"
    AWARD_REVOKE = "award.revoke"
    AWARD_GIVE = "award.give"
    BADGE_ENDORSE = "badge.endorse"
    CERTIFICATE_REVOKE = "certificate.revoke"
    CERTIFICATE_REISSUE = "certificate.reissue"
    CERTIFICATE_GRANT = "certificate.grant"
    CERTIFICATE_GRANT_BATCH = "certificate.grant_batch"
    CERTIFICATE_TRACK = "certificate.track"

    # administrators
    CATEGORY_MANAGE = "category.manage"
    ADMIN_OPEN_BADGES = "admin.open_badges"
    ADMIN_PEOPLE = "admin.people"
    ADMIN_PERSON = "admin.person"
    ADMIN_GROUPS = "admin.groups"
    ADMIN_GROUP = "admin.group"
    ADMIN_MAIL = "admin.mail"
    ADMIN_NOTICES = "admin.notices"
    ADMIN_SYSTEM = "admin.system"


_EVERYBODY = frozenset(
    {
        Permission.PROFILE_EDIT,
        Permission.NOTICE_SEE,
        Permission.PATH_SEE,
        Permission.PATH_JOIN,
        Permission.PATH_LEARN,
        Permission.UPLOAD_SEE,
        Permission.CERTIFICATE_LIST,
        Permission.CERTIFICATE_SEE,
        Permission.CERTIFICATE_SHARE,
        Permission.CERTIFICATE_EARN,
        Permission.CERTIFICATE_NEW_NAME,
        Permission.AWARD_MANAGE_OWN,
        Permission.SENDING_SEE,
        Permission.BACKPACK_USE,
        Permission.BACKPACK_BADGE,
        Permission.BACKPACK_COLLECTION,
        Permission.BACKPACK_PORTAL,
        Permission.CONNECTION_MANAGE,
        Permission.TRANSCRIPT_SEE,
    }
)
_INSTRUCTORS = _EVERYBODY | {
    Permission.TRANSCRIPT_SEE_OTHERS,
    Permission.AUTHORING_OPEN,
    Permission.PATH_CREATE,
    Permission.PATH_EDIT,
    Permission.PATH_PUBLISH,
    Permission.PATH_MEMBERS,
    Permission.STEP_CONFIRM,
    Permission.EVENT_DATE,
    Permission.EVENT_ATTENDANCE,
    Permission.ACTIVITY_KEY,
    Permission.CERTIFICATE_TEMPLATES,
    Permission.CERTIFICATE_TEMPLATE_EDIT,
    Permission.BADGE_DESIGN,
    Permission.BADGE_DESIGN_EDIT,
    Permission.AWARD_REVOKE,
    Permission.AWARD_GIVE,
    Permission.BADGE_ENDORSE,
    Permission.CERTIFICATE_REVOKE,
    Permission.CERTIFICATE_REISSUE,
    Permission.CERTIFICATE_GRANT,
    Permission.CERTIFICATE_GRANT_BATCH,
    Permission.CERTIFICATE_TRACK,
}
_ADMINISTRATORS = frozenset(Permission)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.LEARNER: _EVERYBODY,
    Role.INSTRUCTOR: _INSTRUCTORS,
    Role.ADMINISTRATOR: _ADMINISTRATORS,
}


def allows(role: str, permission: Permission) -> bool:
    """Whether a role has a permission."""
    return permission in PERMISSIONS[Role(role)]
