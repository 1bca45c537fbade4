"""The design system: tokens, components, base pages, Vietnamese output filters.

`/ui/` shows every component with the code to copy. Pages extend `ui/base.html`, `ui/print.html` or `ui/display.html`.
A new colour or size is a variable in `static/ui/tokens.css`; a new component is one file in `templates/cotton/ui/`,
one block in `components.css` and one example in `templates/ui/gallery/`.
"""
