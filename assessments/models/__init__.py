from .answer import Answer, AnswerRevision, AnswerState
from .assessment import OPEN, STEPS, Assessment, Respondent, Status
from .result import Result

__all__ = [
    "OPEN",
    "STEPS",
    "Answer",
    "AnswerRevision",
    "AnswerState",
    "Assessment",
    "Respondent",
    "Result",
    "Status",
]
