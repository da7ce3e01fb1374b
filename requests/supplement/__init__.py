"""补正与受理: the list of what is missing, told once; a second one with cause and approval; the day on which the file became whole.

`notices` what a list is and its lines, `papers` what is printed, `second` the verbs of a second list, `promises` 容缺 and 告知承诺,
`late` what the jobs do when a day has passed, `turned_away` people without a case, `figures` the counts.
"""
