"""Waits until a run has staged its changes, then appends to a table with delta-rs before the run publishes.

foreign-append.py DATA: prints the version that it made.
"""

import sys
import time
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

data = Path(sys.argv[1])
table = data / "processed" / "sales"
rows = DeltaTable(table).to_pyarrow_table().slice(0, 1)
rows = rows.set_column(rows.schema.get_field_index("_file"), "_file", pa.array(["delta-rs"]))
print("ready", flush=True)
deadline = time.monotonic() + 300
while not list(data.glob("staging/*/changes.json")):
    if time.monotonic() > deadline:
        sys.exit("no run staged its changes")
    time.sleep(0.002)
write_deltalake(table, rows, mode="append")
print(DeltaTable(table).version())
