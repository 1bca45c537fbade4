"""The three ways the product says no. Each carries a sentence for the person who asked."""


class Refused(Exception):
    """The rules say no. The message is Vietnamese and says what to do next."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Forbidden(Refused):
    """This person may not do this."""


class Missing(Refused):
    """The thing does not exist, or this person may not know that it does."""


class ContentFault(ValueError):
    """A file in `content/` is wrong. The message is Vietnamese and names the file, the line and what to mend."""
