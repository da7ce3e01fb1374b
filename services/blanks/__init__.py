"""Blank forms (空白表): the file an editor uploads, the named places on it, and the form printed with them filled in.

`reader` looks at an upload in a process of its own, `files` keeps what it made of it, `names` lists what can be filled in,
`fitting` sets a text into its place, `filling` prints, `drafting` are the verbs of the editing room.
"""
