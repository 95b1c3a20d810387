"""What SurveyJS's properties come to here: looked at, only looks, or left out for a reason."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

type Reason = Callable[[], str]


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# What the readers of elements look at.
LOOKED_AT = _names(
    """type name title description visible visibleIf requiredIf isRequired validators valueName elements choices rows
    columns templateElements items score points html inputType min max step maxLength rateMin rateMax rateStep rateCount
    rateValues minRateDescription maxRateDescription labelTrue labelFalse valueTrue valueFalse showOtherItem hasOther
    showNoneItem hasNone showDontKnowItem showRefuseItem otherText noneText dontKnowText refuseText choicesByUrl
    choicesFromQuestion allowMultiple maxFiles showCommentArea hasComment cellType multiSelect readOnly questions
    sliderType"""
)
# What only changes how an element looks or is handled on the screen.
LOOKS = _names(
    """state width minWidth maxWidth colSpan startWithNewLine indent innerIndent titleLocation descriptionLocation
    showNumber hideNumber colCount itemComponent cellComponent renderAs questionTitleLocation questionTitleWidth
    titleWidth questionErrorLocation errorLocation placeholder placeHolder autocomplete inputSize size cols autoGrow
    allowResize acceptCarriageReturn textUpdateMode labelWidth displayMode rateType rateColorMode scaleColorMode
    swapOrder useTitleAsLabel displayRateDescriptionsAsExtremeItems rateDescriptionLocation autoGenerate itemTitleWidth
    searchEnabled searchMode allowClear showClearButton separateSpecialChoices requiredErrorText minErrorText
    maxErrorText stepErrorText otherErrorText otherPlaceholder otherPlaceHolder commentText commentPlaceholder
    commentPlaceHolder showNavigationButtons navigationTitle navigationDescription navigationButtonsVisibility
    showQuestionNumbers questionStartIndex rowTitleWidth columnMinWidth verticalAlign alternateRows showHeader
    gridLayoutColumns showPreview allowImagesPreview imageHeight imageWidth confirmDelete needConfirmRemoveFile
    inputTextAlignment dataList showSelectAllItem hasSelectAll selectAllText closeOnSelect allowAdaptiveActions
    useDisplayValuesInDynamicTexts useDisplayValuesInTitle storeOthersAsComment storeDataAsText waitForUpload sourceType
    allowCameraAccess filePlaceholder photoPlaceholder fileOrPhotoPlaceholder showLabels showTooltip"""
)


def _nobody() -> str:
    return _("Nothing is answered on someone's behalf, so preset and computed values are left out.")


def _offered() -> str:
    return _("All answers are always offered; rules that hide some are left out.")


def _order() -> str:
    return _("Everything stays in the order of the file.")


def _count() -> str:
    return _("How many answers may be chosen is not checked.")


def _alike() -> str:
    return _("Rows may be answered alike.")


def _grid() -> str:
    return _("A required grid needs an answer in every row.")


def _mask() -> str:
    return _("The input mask is left out.")


def _files() -> str:
    return _("Which files are taken, and how large, is a setting of the portal.")


def _time() -> str:
    return _("There is no time limit here.")


def _bound() -> str:
    return _("A bound that is computed is left out.")


# What means something in SurveyJS and is left out here, with the reason.
LEFT_OUT: Mapping[str, Reason] = {
    **dict.fromkeys(
        (
            "defaultValue",
            "defaultValueExpression",
            "defaultDisplayValue",
            "defaultRowValue",
            "setValueExpression",
            "setValueIf",
            "bindings",
        ),
        _nobody,
    ),
    "resetValueIf": lambda: _("Answers are never cleared by a rule (“resetValueIf” is left out)."),
    "clearIfInvisible": lambda: _("What is hidden always counts as not answered."),
    "enableIf": lambda: _("It can always be answered (“enableIf” is left out)."),
    "correctAnswer": lambda: _("Here is no quiz: the correct answer is left out."),
    **dict.fromkeys(
        (
            "choicesVisibleIf",
            "choicesEnableIf",
            "hideIfChoicesEmpty",
            "hideIfRowsEmpty",
            "rowsVisibleIf",
            "columnsVisibleIf",
        ),
        _offered,
    ),
    **dict.fromkeys(
        (
            "choicesOrder",
            "rowOrder",
            "rowsOrder",
            "questionsOrder",
            "questionOrder",
            "randomize",
            "randomizeCategory",
            "columnOrder",
        ),
        _order,
    ),
    **dict.fromkeys(("minSelectedChoices", "maxSelectedChoices"), _count),
    **dict.fromkeys(("eachRowUnique", "isUnique"), _alike),
    **dict.fromkeys(("eachRowRequired", "isAllRowRequired"), _grid),
    **dict.fromkeys(("maskType", "maskSettings"), _mask),
    **dict.fromkeys(("acceptedTypes", "acceptedCategories", "maxSize"), _files),
    **dict.fromkeys(("timeLimit", "maxTimeToFinish"), _time),
    **dict.fromkeys(("minValueExpression", "maxValueExpression"), _bound),
    "cells": lambda: _("Texts of single cells are left out."),
}


def _afterwards() -> str:
    return _("What is shown after submitting is a setting of the portal.")


def _shown() -> str:
    return _("Nothing else is shown or run when answers change.")


def _address() -> str:
    return _("No address of a file is ever fetched or followed.")


# The same for the survey as a whole.
SURVEY_LEFT_OUT: Mapping[str, Reason] = {
    "triggers": _shown,
    "calculatedValues": lambda: _("Values that are computed from answers are left out; scores do that here."),
    **dict.fromkeys(("completedHtml", "completedBeforeHtml", "completedHtmlOnCondition", "loadingHtml"), _afterwards),
    **dict.fromkeys(("navigateToUrl", "navigateToUrlOnCondition", "logo", "backgroundImage"), _address),
    **dict.fromkeys(("timeLimit", "timeLimitPerPage", "maxTimeToFinish", "maxTimeToFinishPage"), _time),
    "questionOrder": _order,
    "questionsOrder": _order,
    "clearInvisibleValues": lambda: _("What is hidden always counts as not answered."),
    "maxTextLength": lambda: _("A limit for all texts is left out; each question has its own."),
    "maxCommentLength": lambda: _("A limit for all texts is left out; each question has its own."),
    "startSurveyText": _shown,
    "firstPageIsStartPage": lambda: _("Every page is asked; there is no start page."),
    "firstPageIsStarted": lambda: _("Every page is asked; there is no start page."),
}

# Types of elements that cannot be questions here.
NO_QUESTION: Mapping[str, Reason] = {
    "ranking": lambda: _("Putting answers in order is no type of question here."),
    "imagepicker": lambda: _("Its answers are pictures at addresses, and no address is fetched."),
    "imagemap": lambda: _("It asks on a picture at an address, and no address is fetched."),
    "image": lambda: _("It shows a picture at an address, and no address is fetched."),
    "expression": lambda: _("It computes a value; scores do that here."),
    "matrixdropdown": lambda: _("A grid with several fields in a row is no type of question here."),
    "matrixdynamic": lambda: _("A grid to which one adds rows is no type of question here."),
    "paneldynamic": lambda: _("Questions that are repeated are no type of question here."),
    "signaturepad": lambda: _("Drawing a signature is no type of question here."),
    "empty": lambda: _("It is empty."),
    "nonvalue": lambda: _("It is empty."),
    "flowpanel": lambda: _("Questions inside a text are no type of question here."),
}


def reason_for_type(kind: str) -> str:
    """This will say why an element of this type is no question here; empty for types that are read."""
    known = NO_QUESTION.get(kind)
    return known() if known else ""
