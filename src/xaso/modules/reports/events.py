"""What reports tells itself: work for the time after the answer."""

from xaso.kit.events import event


@event
class ReportSigned:
    """The numbers are sealed; the files are to be made."""

    report_uuid: str


@event
class ExportAsked:
    """Rows are to be collected; told again when the worker that did it died."""

    export_uuid: str
