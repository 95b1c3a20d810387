from .answer import Answer, AnswerRevision, AnswerState
from .assessment import OPEN, TRANSITIONS, Assessment, Respondent, Status
from .result import Result

__all__ = [
    "OPEN",
    "TRANSITIONS",
    "Answer",
    "AnswerRevision",
    "AnswerState",
    "Assessment",
    "Respondent",
    "Result",
    "Status",
]
