"""What is kept for an account here and goes with it: its runs, and the files its people uploaded or we drew for it."""

from django.utils.translation import ngettext

from accounts.models import Account
from accounts.register import deletion, purging
from accounts.viewer import Viewer
from assessments.models import Assessment, Report, Upload
from assessments.models.upload import private_files

# Every file of an account lies in <area>/<organization>/<account>/: also one whose row was never written.
AREAS = ("uploads", "reports")


@purging.removes_files
def remove(account: Account) -> None:
    """This will remove the folders of an account with everything in them."""
    storage = private_files()
    for folder in _folders(account):
        for name in _names_in(folder):
            storage.delete(f"{folder}/{name}")
        if storage.exists(folder):  # the empty shell of a file system; other storages have none
            storage.delete(folder)


@deletion.counts
def runs_and_files(viewer: Viewer) -> list[tuple[int, str]]:
    """This will count what of the viewer's account is lost with it."""
    runs = Assessment.objects.visible_to(viewer).count()
    files = Upload.objects.visible_to(viewer).standing().count()
    reports = Report.objects.visible_to(viewer).count()
    return [
        (runs, ngettext("assessment with its answers and results", "assessments with their answers and results", runs)),
        (files, ngettext("uploaded file", "uploaded files", files)),
        (reports, ngettext("report", "reports", reports)),
    ]


def files_of(account: Account) -> list[str]:
    """This will list the stored files of an account."""
    return [f"{folder}/{name}" for folder in _folders(account) for name in _names_in(folder)]


def _folders(account: Account) -> list[str]:
    return [f"{area}/{account.organization_id}/{account.pk}" for area in AREAS]


def _names_in(folder: str) -> list[str]:
    try:
        return private_files().listdir(folder)[1]
    except FileNotFoundError:
        return []
