"""A QR code as an image inside the page."""

import segno


def qr_image(text: str) -> str:
    return segno.make(text, error="m", micro=False).svg_data_uri(scale=6, border=4)
