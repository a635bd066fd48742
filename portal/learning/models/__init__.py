"""Learning paths, their versions and steps, who is on them, and what people did there."""

from portal.learning.models.audience import Category, PathAudience, PathCategory, PathTag, Prerequisite
from portal.learning.models.events import EventDate, EventSeat, SeatState
from portal.learning.models.members import Membership, StepEvent, StepRecord
from portal.learning.models.paths import CoInstructor, LearningPath, PathVersion, Step, content_hash
from portal.learning.models.statements import ActivityKey, Statement
from portal.learning.models.states import GROUP, PathState, RecordState, Status, VersionState, Visibility
from portal.learning.models.uploads import Upload

__all__ = [
    "GROUP",
    "ActivityKey",
    "Category",
    "CoInstructor",
    "EventDate",
    "EventSeat",
    "LearningPath",
    "Membership",
    "PathAudience",
    "PathCategory",
    "PathState",
    "PathTag",
    "PathVersion",
    "Prerequisite",
    "RecordState",
    "SeatState",
    "Statement",
    "Status",
    "Step",
    "StepEvent",
    "StepRecord",
    "Upload",
    "VersionState",
    "Visibility",
    "content_hash",
]
