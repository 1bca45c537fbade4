"""The token stands in the officer's own PC: `xaso agent` there signs, the browser carries the question and the answer.

Nothing is sent from here. The request waits until the page of the request brings the value (`screens/agent.py`), and
the value counts only when it fits the certificate.
"""

from xaso.modules.signing.providers import PROVIDERS, Answer, CertificateFound, HashJob

ASK_AGAIN = 60
WAITING = "Cắm USB token vào máy của người ký, mở yêu cầu này trên trang Ký số rồi bấm “Ký bằng thiết bị trên máy này”."


class Agent:
    title = "USB token trên máy người ký"

    def start(self, job: HashJob) -> Answer:
        return Answer("waiting", job.uuid, sentence=WAITING, again_after=ASK_AGAIN)

    def poll(self, job: HashJob, reference: str) -> Answer:
        """Still waiting: the page brings the value, or the request runs out of patience."""
        del reference
        return self.start(job)

    def certificates(self, holder: str) -> list[CertificateFound]:
        """Certificates in somebody else's PC are not seen from here; the page of the register reads them there."""
        del holder
        return []

    def check(self) -> str:
        return ""


PROVIDERS.add("agent", Agent())
