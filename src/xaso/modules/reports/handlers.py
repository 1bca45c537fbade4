"""The worker's part: files of a signed report, rows of an export. Both may run twice and do no harm."""

import os
import subprocess
import sys

from xaso.core.access import SYSTEM
from xaso.kit.events import on
from xaso.modules.reports.actions.exporting import run_export
from xaso.modules.reports.actions.signing import make_files
from xaso.modules.reports.events import ExportAsked, ReportSigned
from xaso.modules.reports.queries.exports import export_to_run
from xaso.modules.reports.queries.reports import signed_report

beside: list[subprocess.Popen[bytes]] = []
"""Long exports at work beside this worker."""


# Both reach no outside; they stand outside the transaction because they take seconds and write content.
@on(ReportSigned, reaches_out=True)
def a_report_was_signed(fact: ReportSigned) -> None:
    make_files(SYSTEM, signed_report(fact.report_uuid))


@on(ExportAsked, reaches_out=True)
def an_export_was_asked(fact: ExportAsked) -> None:
    """A short list at once. A long one in a process of its own: a sign-in code must not wait for a million rows.

    If that process dies, `jobs.take_up_exports` notices within minutes and it goes on from its last piece.
    """
    export = export_to_run(fact.export_uuid)
    if export is None or run_export(export, lambda: True):
        return
    beside[:] = [one for one in beside if one.poll() is None]
    beside.append(
        subprocess.Popen(
            [sys.executable, "-m", "xaso.modules.reports.alone", fact.export_uuid],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.DEVNULL,
        )
    )
