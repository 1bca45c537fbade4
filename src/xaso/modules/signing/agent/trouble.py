"""What the agent says no with: a word for the page, a Vietnamese sentence for the person."""


class Trouble(Exception):
    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
