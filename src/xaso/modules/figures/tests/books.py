"""Spreadsheets as people and attackers send them."""

import io
import zipfile

import openpyxl

HEAD = ["Khoá", "Số liệu", "Đơn vị tính", "Giá trị", "Tử số", "Mẫu số", "Nhóm đối tượng", "Tính đến ngày", "Nguồn"]


def line(key, value="", above="", below="", unit="", group="", day="", source="Sổ của xã"):
    return [key, "", unit, value, above, below, group, day, source]


def book(*lines, head=HEAD, notes=(), sheet="Số liệu", change=None):
    made = openpyxl.Workbook()
    page = made.active
    page.title = sheet
    for row in (*notes, head, *lines):
        page.append(["" if one is None else one for one in row])
    if change:
        change(page)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def text(*lines, head=HEAD, mark=";"):
    return "\n".join(mark.join(str(one) for one in row) for row in (head, *lines)).encode()


def with_part(data, name, change):
    """The same file with one of its parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            content = old.read(one)
            new.writestr(one.filename, change(content) if one.filename == name else content)
    return stream.getvalue()
