from .answer import Answer, AnswerRevision, AnswerState
from .assessment import OPEN, STEPS, Assessment, Respondent, Status
from .result import Result
from .upload import Purpose, Upload

__all__ = [
    "OPEN",
    "STEPS",
    "Answer",
    "AnswerRevision",
    "AnswerState",
    "Assessment",
    "Purpose",
    "Respondent",
    "Result",
    "Status",
    "Upload",
]
