"""The words of every finding, by its stable code. `%(name)s` stands for a value that the finding carries."""

from __future__ import annotations

from portal.openbadges.errors import N_

CHECKS: dict[str, str] = {
    "structure": N_("Structure"),
    "hosted": N_("Published"),
    "signature": N_("Signature"),
    "issuer": N_("Issuer"),
    "image": N_("Image"),
    "recipient": N_("Recipient"),
    "dates": N_("Dates"),
    "status": N_("Status"),
}
"""What each check is called."""

FINDINGS: dict[str, str] = {
    # structure
    "structure.ok": N_("This is an Open Badges %(standard)s badge with everything it needs."),
    "structure.unreadable": N_("No badge could be read: %(reason)s"),
    "structure.unknown": N_("This is not a badge of a kind that can be checked here."),
    "structure.missing": N_("The %(part)s lacks “%(member)s”, or what stands there is not what the standard asks."),
    "structure.part_unreachable": N_("The %(part)s could not be read from %(url)s: %(reason)s"),
    "structure.part_gone": N_("The %(part)s is not at %(url)s: the address answers with status %(status)s."),
    "structure.part_broken": N_("What stands at %(url)s is not a %(part)s: %(reason)s"),
    "structure.contradiction": N_("The token says “%(claim)s” otherwise than the badge inside it."),
    "structure.endorsement": N_("This is an Open Badges %(standard)s endorsement with everything it needs."),
    # hosted
    "hosted.same": N_("The badge at %(url)s is the same as the one checked."),
    "hosted.differs": N_("The badge at %(url)s is not the same as the one checked."),
    "hosted.gone": N_("There is no badge at %(url)s: the address answers with status %(status)s."),
    "hosted.broken": N_("What stands at %(url)s is not a badge: %(reason)s"),
    "hosted.unreachable": N_("The badge's address %(url)s could not be read: %(reason)s"),
    "hosted.no_address": N_("The badge does not say at which address it is published."),
    # signature
    "signature.ok": N_("The signature (%(algorithm)s) is right: nothing was changed since the badge was signed."),
    "signature.wrong": N_("The signature is wrong: the badge was changed, or signed with another key."),
    "signature.doubtful": N_("The signature cannot be checked without doubt: %(reason)s"),
    "signature.unsigned": N_("The badge carries no signature."),
    "signature.unsupported": N_("The signature is of a kind that cannot be checked here: %(algorithm)s."),
    "signature.key_unreachable": N_("The key %(url)s could not be read: %(reason)s"),
    "signature.key_unusable": N_("The key %(url)s cannot be used: %(reason)s"),
    "signature.expired": N_("The signature itself has expired on %(date)s."),
    "signature.embedded_key": N_("The key comes with the badge itself and is not confirmed by the issuer."),
    # issuer
    "issuer.same_host": N_("The badge and its issuer %(name)s are both published at %(host)s."),
    "issuer.other_host": N_(
        "The issuer is published at %(issuer_host)s, but the badge at %(host)s, which it does not name."
    ),
    "issuer.key_owned": N_("The key belongs to the issuer %(name)s (%(id)s)."),
    "issuer.key_foreign": N_("The key belongs to %(owner)s, not to the issuer %(id)s."),
    "issuer.unknown": N_("Who issued the badge could not be found out."),
    "issuer.unconfirmed": N_("The issuer %(id)s could not be asked whether the key is theirs: %(reason)s"),
    # image
    "image.ok": N_("The badge has a picture (%(kind)s)."),
    "image.none": N_("The badge names no picture."),
    "image.wrong": N_("What stands at %(url)s is neither a PNG nor an SVG picture."),
    "image.gone": N_("There is no picture at %(url)s: the address answers with status %(status)s."),
    "image.unreachable": N_("The picture %(url)s could not be read: %(reason)s"),
    # recipient
    "recipient.match": N_("The badge was given to %(address)s."),
    "recipient.other": N_("The badge was given to somebody else: none of the e-mail addresses matches."),
    "recipient.not_asked": N_("Enter an e-mail address to check whom the badge was given to."),
    "recipient.not_email": N_("The badge does not name its recipient by e-mail address."),
    # dates
    "dates.valid": N_("Issued on %(issued)s; it does not expire."),
    "dates.valid_until": N_("Issued on %(issued)s, valid until %(expires)s."),
    "dates.expired": N_("The badge has expired on %(expires)s."),
    "dates.future": N_("The badge is dated in the future: %(issued)s."),
    "dates.broken": N_("“%(value)s” is not a date and time as the standard asks."),
    # status
    "status.ok": N_("The issuer has not revoked the badge."),
    "status.none": N_("The badge says nothing of revocation, so it cannot have been revoked."),
    "status.revoked": N_("The issuer has revoked the badge."),
    "status.revoked_because": N_("The issuer has revoked the badge: %(reason)s"),
    "status.suspended": N_("The issuer has suspended the badge."),
    "status.unreachable": N_("The list of revoked badges %(url)s could not be read: %(reason)s"),
    "status.broken": N_("The list of revoked badges %(url)s cannot be trusted: %(reason)s"),
    "status.unsupported": N_("Revocation is recorded in a way that cannot be checked here: %(kind)s."),
    "status.unknown": N_("Whether the badge was revoked could not be found out."),
}
"""What each finding says."""

PARTS: dict[str, str] = {
    "assertion": N_("badge"),
    "badge_class": N_("badge class"),
    "issuer": N_("issuer"),
    "credential": N_("credential"),
    "achievement": N_("achievement"),
    "endorsement": N_("endorsement"),
}
"""What the parts of a badge are called in a finding's `part`."""
