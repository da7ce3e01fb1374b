"""QR codes as SVG text, for a layout to place."""

import io

import segno


def qr_svg(address: str) -> str:
    """The QR code of an address: error correction M, two modules of quiet zone (the white paper around gives the rest).

    An empty address gives an empty text, and layouts leave the place out.
    """
    if not address:
        return ""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False, boost_error=False).save(
        drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2
    )
    return drawn.getvalue().decode("ascii")
