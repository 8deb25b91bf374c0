"""The three dimensions of a relation, one file each: what evidence feeds it, and how that becomes the engine's rows.

`tone` is how two states treat each other, `engagement` how much they have to do with each other, `alignment` how alike
they stand in the world. Each file has an `ABOUT`, its `ITEMS`, and `observe`, which gives rows in the columns of
`observed.OBSERVED`; `estimate` runs the engine over them, `constants` holds what was learned of the items, `fitting`
learns it.
"""
