"""Gap-free numbers per book, unit and period; and the dated schemes that turn them into text."""
