"""The result of a run, worked out anew by whatever changes what it rests on."""

from accounts.viewer import Viewer
from assessments.answering.stored_answers import answers_of
from assessments.models import Assessment, Result
from assessments.results import scores
from library.document import DefinitionDocument

from . import findings


def recompute(by: Viewer, assessment: Assessment, document: DefinitionDocument) -> Result:
    """This will store the figures of the answers that count now, and the findings they call for. The caller holds the
    run's lock."""
    result = scores.compute(assessment, document, answers_of(assessment))
    findings.take_from_result(by=by, assessment=assessment)
    return result
