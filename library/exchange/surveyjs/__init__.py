"""SurveyJS surveys in and out."""

from library.exchange.surveyjs.reading import convert
from library.exchange.surveyjs.writing import export

__all__ = ["convert", "export"]
