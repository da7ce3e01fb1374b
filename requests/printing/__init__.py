"""Papers of the desk: receipts, sheets of a visit, blank slips, the day's end, guides, notices.

`contracts` says what each paper needs, `sheets` sets it, `layouts/` holds the typography.
"""
