"""One examination or one recording as an accessible PDF for a doctor; typst, the extra ``pdf``, sets it."""
