"""The check of a document's form: what a file shows (`docx_reading`, `pdf_reading`), which part each line is
(`finding`), what the layout says about it (`looks`, `wording`, `pages`), and the door to it all (`judging`)."""
