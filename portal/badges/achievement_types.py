"""The types of achievement that Open Badges 3.0 knows, in plain words (section B.2.1, AchievementType)."""

from __future__ import annotations

from portal.core.i18n import _, _l

ORDINARY = "Badge"
TYPES = {
    "Badge": _l("Badge: recognition, of no particular kind"),
    "Achievement": _l("Achievement: something somebody accomplished"),
    "Award": _l("Award: an honour"),
    "Course": _l("Course: a course was completed"),
    "LearningProgram": _l("Learning programme: several courses that belong together"),
    "MicroCredential": _l("Micro-credential: proof of a small, assessed unit of learning"),
    "Competency": _l("Competency: something somebody can do or knows"),
    "Assessment": _l("Assessment: an examination was passed"),
    "Assignment": _l("Assignment: a task was done"),
    "CertificateOfCompletion": _l("Certificate of completion"),
    "Certificate": _l("Certificate: a programme of study below a degree"),
    "Certification": _l("Certification: proof of fitness that has to be renewed"),
    "License": _l("Licence: permission to practise something"),
    "Membership": _l("Membership in an organisation"),
    "CommunityService": _l("Community service"),
    "CoCurricular": _l("Activity beside the curriculum"),
    "Fieldwork": _l("Fieldwork: practice or an internship"),
    "ApprenticeshipCertificate": _l("Apprenticeship certificate"),
    "JourneymanCertificate": _l("Journeyman’s certificate"),
    "MasterCertificate": _l("Master craftsman’s certificate"),
    "SecondarySchoolDiploma": _l("Diploma of a secondary school"),
    "GeneralEducationDevelopment": _l("General education diploma (GED)"),
    "Diploma": _l("Diploma"),
    "Degree": _l("Degree, of any level"),
    "AssociateDegree": _l("Associate’s degree"),
    "BachelorDegree": _l("Bachelor’s degree"),
    "MasterDegree": _l("Master’s degree"),
    "DoctoralDegree": _l("Doctoral degree"),
    "ProfessionalDoctorate": _l("Professional doctorate"),
    "ResearchDoctorate": _l("Research doctorate"),
    "QualityAssuranceCredential": _l("Quality assurance: an organisation or programme was found to be good"),
}
"""Every type with what it means, the ones that learning paths mostly lead to first."""


def type_in_words(name: str) -> str:
    """Return what a type means, without the explanation; a type of somebody's own as it is."""
    known = TYPES.get(name or ORDINARY)
    return str(known).partition(":")[0] if known is not None else _("Of its own kind: %(name)s", name=name)
