"""The catalogue as a spreadsheet: read it with every fault named, compare it with what is published, write drafts, export it.

`workbook` opens the file safely, `reading` makes typed rows of it, `rules` checks them against each other, `shaping` turns
rows into the content of an edition and back, `applying` compares and writes drafts, `exporting` writes the same sheets,
`founding` sets up the offices of a new installation. The sheets and their headings are listed once, in `layout`.
"""
