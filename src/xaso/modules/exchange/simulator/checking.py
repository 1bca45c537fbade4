"""The simulated axis's own strict look at edXML: by the names as written, prefix and all.

It knows nothing of the product's writer. It reads what stands in the bytes, because the real receivers that refuse a
missing prefix also look at the name as written and not at its namespace.
"""

from __future__ import annotations

from xml.parsers import expat

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
HEADER_ORDER = [
    "From", "To", "Code", "PromulgationInfo", "DocumentType", "Subject", "Content", "SignerInfo", "DueDate", "ToPlaces",
    "OtherInfo", "ResponseFor", "SteeringType", "DocumentId",
]  # fmt: skip
REPEATED = {"To", "ResponseFor"}
BAD_FILE, WRONG_SHAPE = 10, 22


class NotTaken(Exception):
    """The axis's error code and its own words."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


class Message:
    """What the axis needs to know of a message to deliver it."""

    def __init__(self) -> None:
        self.names: list[tuple[str, ...]] = []
        self.texts: dict[tuple[str, ...], list[str]] = {}
        self.declared: dict[tuple[str, ...], dict[str, str]] = {}

    def said(self, *path: str) -> list[str]:
        return ["".join(texts).strip() for key, texts in self.texts.items() if _bare(key)[: len(path)] == path]

    @property
    def sender(self) -> str:
        return next(iter(self._under("From", "OrganId")), "")

    @property
    def receivers(self) -> list[str]:
        return self._under("To", "OrganId")

    @property
    def document_id(self) -> str:
        return next(iter(self._under("DocumentId")), "")

    def _under(self, *tail: str) -> list[str]:
        head = ("edXML", "edXMLEnvelope", "edXMLHeader", "MessageHeader")
        return ["".join(texts).strip() for key, texts in self.texts.items() if _bare(key) == (*head, *tail)]


def _bare(path: tuple[str, ...]) -> tuple[str, ...]:
    """Without the places that tell equal names apart."""
    return tuple(name.partition("#")[0].rpartition(":")[2] for name in path)


def checked(raw: bytes) -> Message:
    """Raises NotTaken for everything that is not as the regulation wants it."""
    message, path, counts = Message(), list[str](), dict[tuple[str, ...], int]()

    def start(name: str, attributes: dict[str, str]) -> None:
        parent = tuple(path)
        counts[(*parent, name)] = counts.get((*parent, name), 0) + 1
        path.append(f"{name}#{counts[(*parent, name)]}")
        message.names.append(tuple(path))
        message.declared[tuple(path)] = attributes
        message.texts[tuple(path)] = []

    def end(name: str) -> None:
        del name
        path.pop()

    def read(text: str) -> None:
        message.texts[tuple(path)].append(text)

    def refuse(*_: object) -> None:
        raise NotTaken(BAD_FILE, "DOCTYPE is not allowed")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = read
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise NotTaken(BAD_FILE, f"not XML: {error}") from error
    _check_prefixes(message)
    _check_header(message)
    return message


def _check_prefixes(message: Message) -> None:
    root, children = message.names[0], [path for path in message.names if len(path) == 2]
    if root != ("edXML#1",) or message.declared[root].get("xmlns") != NAMESPACE:
        raise NotTaken(WRONG_SHAPE, "root must be edXML in the default namespace of QCVN 102")
    if not children or children[0][1] != "edXML:edXMLEnvelope#1":
        raise NotTaken(WRONG_SHAPE, "edXML:edXMLEnvelope is missing")
    if message.declared[children[0]].get("xmlns:edXML") != NAMESPACE:
        raise NotTaken(WRONG_SHAPE, "the envelope must declare the prefix edXML")
    for path in message.names:
        inside = len(path) > 1 and path[1].startswith("edXML:edXMLEnvelope#")
        if inside != path[-1].startswith("edXML:"):
            raise NotTaken(WRONG_SHAPE, f"prefix of {path[-1].partition('#')[0]}")


def _check_header(message: Message) -> None:
    header = next((path for path in message.names if _bare(path)[2:] == ("edXMLHeader", "MessageHeader")), None)
    if header is None:
        raise NotTaken(WRONG_SHAPE, "MessageHeader is missing")
    found = [_bare(path)[-1] for path in message.names if path[:-1] == header]
    places = [HEADER_ORDER.index(name) if name in HEADER_ORDER else -1 for name in found]
    if -1 in places or places != sorted(places):
        raise NotTaken(WRONG_SHAPE, "order of MessageHeader")
    for name in HEADER_ORDER:
        if name not in found and name != "ResponseFor":
            raise NotTaken(WRONG_SHAPE, f"N.{name}")
        if found.count(name) > 1 and name not in REPEATED:
            raise NotTaken(WRONG_SHAPE, f"M.{name}")
    if not message.receivers or "" in message.receivers:
        raise NotTaken(WRONG_SHAPE, "N.To")
    if len(set(message.receivers)) < len(message.receivers):
        raise NotTaken(WRONG_SHAPE, "M.To")
    subject = next(iter(message._under("Subject")), "")
    if not 0 < len(subject) <= 500:
        raise NotTaken(WRONG_SHAPE, "R.Subject")
