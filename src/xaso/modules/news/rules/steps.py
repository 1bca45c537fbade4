"""Which state of an article follows which, and the limits of its parts. Pure."""

TITLE_MOST = 160
LEAD_MOST = 400
TEXT_MOST = 20_000

STEPS = {
    "draft": {"submitted"},
    "submitted": {"draft", "published"},
    "published": {"withdrawn"},
    "withdrawn": set(),
}


def follows(state: str, after: str) -> bool:
    return after in STEPS[state]


def fault_of(title: str, lead: str, text: str) -> str:
    """What is wrong with the parts of an article, as a sentence, or empty."""
    if len(title) < 5:
        return "Hãy ghi tiêu đề, ít nhất 5 chữ cái, để người đọc biết bài nói về việc gì."
    if len(title) > TITLE_MOST:
        return f"Tiêu đề dài {len(title)} ký tự, quá mức {TITLE_MOST}. Hãy rút gọn."
    if len(lead) > LEAD_MOST:
        return f"Đoạn mở đầu dài {len(lead)} ký tự, quá mức {LEAD_MOST}. Hãy chuyển bớt xuống nội dung."
    if len(text) < 10:
        return "Bài chưa có nội dung. Hãy ghi ít nhất một câu."
    if len(text) > TEXT_MOST:
        return f"Nội dung dài {len(text):,} ký tự, quá mức {TEXT_MOST:,}. Hãy tách thành nhiều bài.".replace(
            ",", ".", 2
        )
    return ""


def shortened(text: str, most: int) -> str:
    """Cut at a word, with a sign that it goes on."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:.–-") + "…"
