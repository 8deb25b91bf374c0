"""What is on disk: immutable Parquet parts and the files they came from, one small manifest, read-only packs beneath.

A store is a folder:

```
manifest.sqlite     which parts and files are current, and the receipt of each: the only truth
parts/              source-table-hash.parquet, written once, never changed
raw/                publishers' files as they came, named by their SHA-256
```

A write makes new files first and commits one transaction last, so that a store is either as before or as after,
whenever the writer dies. Readers take their list of files from the manifest, never from the folder, and hold no
lock. A pack is the same parts with a `manifest.json`, read-only; a source in the store takes the place of the same
source in a pack.
"""

from __future__ import annotations

from amity.store.checking import Problem, verify
from amity.store.reading import Part, Store, connect, files, open_store, parts, receipts
from amity.store.writing import one_at_a_time, replace

__all__ = [
    "Part",
    "Problem",
    "Store",
    "connect",
    "files",
    "one_at_a_time",
    "open_store",
    "parts",
    "receipts",
    "replace",
    "verify",
]
