"""Pure decisions about printed papers: the number that is printed and the amount in words."""

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
GROUPS = ("", "nghìn", "triệu")
BILLION = 1_000_000_000
TOO_MUCH = 10**15


def number_of(serial: int, symbol: str) -> str:
    """`07/TNHS`: NĐ 30/2020 writes a leading zero below ten."""
    return f"{serial:02d}/{symbol}" if symbol else f"{serial:02d}"


def amount_in_words(amount: int) -> str:
    """`15.000` → `Mười lăm nghìn đồng`."""
    if not 0 <= amount < TOO_MUCH:
        raise ValueError(f"not an amount of money that can be written in words: {amount}")
    words = _count(amount) + " đồng"
    return words[0].upper() + words[1:]


def _count(number: int) -> str:
    if number == 0:
        return DIGITS[0]
    billions, rest = divmod(number, BILLION)
    words = [_count(billions), "tỷ"] if billions else []
    groups = [(rest // 1000**power % 1000, GROUPS[power]) for power in (2, 1, 0)]
    for group, name in groups:
        if group:
            words.append(_below_thousand(group, is_first=not words))
            words.append(name)
    return " ".join(word for word in words if word)


def _below_thousand(number: int, *, is_first: bool) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words: list[str] = []
    if hundreds or not is_first:
        words += [DIGITS[hundreds], "trăm"]
    if tens == 0 and ones:
        words += (["linh"] if words else []) + [DIGITS[ones]]
    elif tens:
        words += [*_tens(tens), *_ones(ones, tens)]
    return " ".join(words)


def _tens(tens: int) -> list[str]:
    return ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]


def _ones(ones: int, tens: int) -> list[str]:
    if ones == 0:
        return []
    if ones == 1 and tens > 1:
        return ["mốt"]
    if ones == 5:
        return ["lăm"]
    return [DIGITS[ones]]
