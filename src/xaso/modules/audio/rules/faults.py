"""What the programs found wrong with a sound, as sentences. Pure."""

_SAYS = {
    "kind": "{what} không phải tệp âm thanh nhận được. Hãy chọn tệp MP3, M4A, WAV, OGG hoặc WEBM.",
    "video": "{what} có hình, không phải chỉ có tiếng. Hãy xuất riêng phần tiếng thành MP3 rồi tải lên lại.",
    "no_audio": "{what} không có phần tiếng. Hãy thu lại hoặc chọn tệp khác.",
    "empty": "{what} không có tiếng nào (dài 0 giây). Hãy thu lại rồi tải lên.",
    "short": "{what} quá ngắn, chưa nghe được gì. Hãy thu lại dài hơn.",
    "silent": "{what} chỉ có im lặng. Hãy kiểm tra micrô, thu lại rồi tải lên.",
    "long": "{what} dài hơn {minutes} phút, quá mức cho một bản thu. Hãy cắt thành nhiều phần rồi tải lên từng phần.",
    "broken": "{what} bị hỏng hoặc chưa tải đủ, không nghe được. Hãy mở thử, xuất lại thành MP3 rồi tải lên lại.",
    "hung": "{what} làm máy xử lý quá lâu nên đã dừng. Hãy xuất lại thành MP3 rồi tải lên lại.",
    "died": "{what} làm chương trình xử lý tiếng bị dừng. Hãy xuất lại thành MP3 rồi tải lên lại.",
}


def sentence(fault: str, what: str, longest_seconds: int) -> str:
    """For the person who sent it; an unknown fault is told as broken."""
    return _SAYS.get(fault, _SAYS["broken"]).format(what=what, minutes=longest_seconds // 60)
