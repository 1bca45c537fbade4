"""The way of a letter from the draft to the issue, signed on paper."""

from xaso.core.files.receiving import receive_bytes
from xaso.kit import clock
from xaso.modules.exchange.tests.samples import PDF
from xaso.modules.outgoing.actions.issuing import issue
from xaso.modules.outgoing.actions.numbering import give_number
from xaso.modules.outgoing.actions.reviewing import approve, pass_check, prepare, submit
from xaso.modules.outgoing.actions.sealing import sign_on_paper
from xaso.modules.outgoing.queries import documents, sheets


def bring_out(draft, writer, leader, clerk):
    draft = documents.document(draft.uuid)
    draft = submit(writer, draft, to="leader", checked=sheets.checked(draft))
    draft = approve(leader, draft)
    draft = pass_check(clerk, draft, prepared=prepare(draft))
    draft = sign_on_paper(clerk, draft, signed_on=clock.today())
    draft = give_number(clerk, draft)
    return documents.document(issue(clerk, draft, scan=receive_bytes(PDF, name="ban-ky.pdf")).uuid)
