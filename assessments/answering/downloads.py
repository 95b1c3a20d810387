"""A stored file as an answer that no browser runs or draws, whatever is in it."""

from django.http import FileResponse

from assessments.models import Upload

POLICY = "sandbox; default-src 'none'"


def attachment(upload: Upload) -> FileResponse:
    """This will send the file as a download under the name it was shown with: never inline, never guessed at."""
    response = FileResponse(
        upload.file.open("rb"), as_attachment=True, filename=upload.name, content_type=upload.content_type
    )
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response
