from .answer import Answer, AnswerRevision, AnswerState
from .assessment import OPEN, STEPS, Assessment, Combination, Mode, ReviewRule, Status
from .attempt import Attempt
from .batch import Batch, Campaign
from .batch_draft import BatchDraft
from .finding import ActionState, Finding, FindingAction, FindingState, Severity
from .report import EnabledReport, Report, ReportKind, ReportLink, ReportTemplate, ReportView
from .respondent import Power, Respondent, RespondentLink
from .result import Result
from .review import AnswerReview, Clarification, ClarificationMessage, NoteKind, SectionNote, Verdict
from .upload import Purpose, Upload

__all__ = [
    "OPEN",
    "STEPS",
    "ActionState",
    "Answer",
    "AnswerReview",
    "AnswerRevision",
    "AnswerState",
    "Assessment",
    "Attempt",
    "Batch",
    "BatchDraft",
    "Campaign",
    "Clarification",
    "ClarificationMessage",
    "Combination",
    "EnabledReport",
    "Finding",
    "FindingAction",
    "FindingState",
    "Mode",
    "NoteKind",
    "Power",
    "Purpose",
    "Report",
    "ReportKind",
    "ReportLink",
    "ReportTemplate",
    "ReportView",
    "Respondent",
    "RespondentLink",
    "Result",
    "ReviewRule",
    "SectionNote",
    "Severity",
    "Status",
    "Upload",
    "Verdict",
]
