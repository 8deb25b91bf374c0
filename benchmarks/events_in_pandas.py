"""Files of GDELT as users of pandas-based libraries read them: the yardstick of `event_ingest.py`.

uv run --no-project --with pandas --with pyarrow python benchmarks/events_in_pandas.py FILE.zip...
"""

from __future__ import annotations

import json
import resource
import sys
import time

import pandas as pd

began, cpu = time.perf_counter(), time.process_time()
frames = [
    pd.read_csv(
        path,
        sep="\t",
        header=None,
        dtype=str,
        keep_default_na=False,
        encoding="latin-1",
        quoting=3,
        on_bad_lines="skip",
    )
    for path in sys.argv[1:]
]
rows = len(pd.concat(frames, ignore_index=True))
told = {"wall": time.perf_counter() - began, "cpu": time.process_time() - cpu, "rows": rows}
print(json.dumps(told | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
