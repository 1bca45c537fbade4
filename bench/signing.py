"""What a signed result costs: printed and signed on two processes, beside plain pyHanko; a page beside bare Typst.

`./xaso bench signing [--files 12] [--rounds 3] [--processes 2]`

Ours: fill the template, print the PDF, keep the places, sign (RSA-2048 soft key kept loaded, size reserved). Plain:
pyHanko's `SimpleSigner` on a result that is printed already. Must: ≥ 2.5 × as many signed results, aim 5 ×; a page
must take ≤ 2 × what bare Typst takes for the same template.
"""

import argparse
import io
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.rig.report import keep

SIGNED_MUST, SIGNED_AIM, PAGE_MUST = 2.5, 5.0, 2.0
_pki = None
_key = None


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args(arguments)
    global _pki
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
    import django

    django.setup()
    from xaso.modules.trust.tests.authority import World

    with tempfile.TemporaryDirectory(prefix="xaso-bench-") as folder:
        _pki = World(Path(folder))
        try:
            numbers = {"files": chosen.files, "processes": chosen.processes}
            numbers |= signed(chosen.files, chosen.rounds, chosen.processes) | pages(chosen.files * 4, chosen.rounds)
        finally:
            _pki.stop()
    print(json.dumps(numbers, indent=1))
    keep("signing", numbers)
    return 0 if numbers["signed_ratio"] >= SIGNED_MUST and numbers["page_ratio"] <= PAGE_MUST else 1


def signed(files, rounds, processes):
    """Both take turns; the median round counts. Every process is warm before the clock runs."""
    ours, plain = [], []
    printed = _printed()
    held = (_pki.certificate("hoa").dump(), _pki.intermediate_der, _pki.key_pem("hoa"))
    # Anew and not forked: the parent runs the servers of the test PKI in threads.
    with multiprocessing.get_context("spawn").Pool(processes, _begin, held) as pool:
        pool.map(_ours, [1] * processes, chunksize=1)
        _plain(printed, 1)
        for _ in range(rounds):
            begun = time.perf_counter()
            pool.map(_ours, [files] * processes, chunksize=1)
            ours.append(files * processes / (time.perf_counter() - begun))
            begun = time.perf_counter()
            _plain(printed, files)
            plain.append(files / (time.perf_counter() - begun))
    one, other = statistics.median(ours), statistics.median(plain)
    return {
        "ours_signed_per_s": round(one, 1), "plain_signed_per_s": round(other, 1),
        "signed_ratio": round(one / other, 2), "signed_must": SIGNED_MUST, "signed_aim": SIGNED_AIM,
    }  # fmt: skip


def _printed():
    from xaso.modules.signing.tests.papers import AGENCY, DOSSIER, RESULT, SIGNER, edition_named, render_pdf

    return render_pdf(edition_named("ket-qua-khai-sinh", "1").folder, AGENCY | DOSSIER | RESULT | SIGNER)


class _Key:
    """Parsed once, when the process begins."""

    def __init__(self, certificate, intermediate, pem):
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        self.certificate, self.chain, self._key = certificate, (intermediate,), load_pem_private_key(pem, None)

    def sign(self, signed_attributes):
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        return self._key.sign(signed_attributes, padding.PKCS1v15(), hashes.SHA256())


def _begin(certificate, intermediate, pem):
    global _key
    import django

    django.setup()
    _key = _Key(certificate, intermediate, pem)


def _ours(files):
    from xaso.modules.signing import pades
    from xaso.modules.signing.tests.papers import AT, BOXES

    look = pades.Look("person", "Vũ Thị Hoa", AT)
    for _ in range(files):
        pades.sign_now(pades.reserve(_printed(), BOXES), _key, look, pades.Wish())


def _plain(printed, files):
    from asn1crypto import keys
    from certomancer.registry import KeyLabel
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    store = SimpleCertificateStore()
    store.register(_pki.certificate("inter"))
    private = keys.PrivateKeyInfo.load(_pki.arch.key_set.get_private_key(KeyLabel("hoa")).dump())
    signer = SimpleSigner(signing_cert=_pki.certificate("hoa"), signing_key=private, cert_registry=store)
    metadata = PdfSignatureMetadata(field_name="ky", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    for _ in range(files):
        PdfSigner(metadata, signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(printed), strict=False))


def pages(files, rounds):
    """The same template and the same words, through the product and with Typst alone."""
    from xaso.modules.papers import rendering
    from xaso.modules.papers.queries import edition_named
    from xaso.modules.papers.tests.samples import AGENCY, DOSSIER, RESULT, SIGNER

    folder = edition_named("ket-qua-khai-sinh", "1").folder
    data = AGENCY | DOSSIER | RESULT | SIGNER
    content = rendering.filled(rendering.load_edition(folder), data)
    edition = rendering.load_edition(folder)
    payload = json.dumps({"paper": rendering._about(edition), "data": rendering.breakable(content)}, ensure_ascii=False)
    inputs = {"payload": payload, **rendering._qr_codes(edition, content)}
    press = rendering._press(folder)
    rendering.render_pdf(folder, data)
    ours, bare = [], []
    for _ in range(rounds):
        ours.append(_seconds(files, lambda: rendering.render_pdf(folder, data)))
        bare.append(
            _seconds(files, lambda: press.compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards="a-2b"))
        )
    one, other = statistics.median(ours), statistics.median(bare)
    return {
        "ours_page_ms": round(one * 1000, 2), "bare_page_ms": round(other * 1000, 2),
        "page_ratio": round(one / other, 2), "page_must": PAGE_MUST,
    }  # fmt: skip


def _seconds(times, make):
    begun = time.perf_counter()
    for _ in range(times):
        make()
    return (time.perf_counter() - begun) / times


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
