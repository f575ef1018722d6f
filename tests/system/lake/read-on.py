"""Reads a table over and over with delta-rs until a file named `stop` lies in the data folder: read-on.py DATA.

Prints each state that it saw, once: rows, least and greatest unit price.
"""

import os
import sys
from pathlib import Path

import pyarrow.compute as compute
from deltalake import DeltaTable

data = Path(sys.argv[1])
seen, reads = {}, 0
while not (data / "stop").exists():
    rows = DeltaTable(data / "processed" / "enriched" / "sales").to_pyarrow_table()
    bounds = compute.min_max(rows["unit_price"]).as_py()
    seen[f"{rows.num_rows} {float(bounds['min']):g} {float(bounds['max']):g}"] = True
    reads += 1
    if reads == 1:
        print("ready", flush=True)
print(reads)
for state in seen:
    print(state)
sys.stdout.flush()
# the readers' thread pools sometimes abort the interpreter's orderly end
os._exit(0)
