"""The open cases of the old paper ledger, carried over on the first day (domain 16.7).

`layout` lists the columns, `checking` finds every fault without writing anything, `applying` logs the cases through the
verbs, all or none, `keeping` holds the file sealed between the check and the import. Dates are the true ones, nothing is
made up: a doubtful identity or phone number is left blank and marked, and the cases stay apart in the figures.
"""
