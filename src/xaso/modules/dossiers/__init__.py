"""Hồ sơ một cửa: from the moment a resident asks until the result is in their hands, with the clock, the people and
the papers of every step. States follow the national list 1–10; a state is changed by an action and by nothing else.
"""
