"""The same checks as Great Expectations expectations; rows are split by the indexes that it reports.
Usage: great_expectations_ingest.py <sales.csv> <out folder>"""

import sys

import great_expectations as gx
import pandas as pd

source, out = sys.argv[1:]
malformed = []
rows = pd.read_csv(
    source,
    dtype="string",
    engine="python",
    keep_default_na=False,
    na_values=[""],
    on_bad_lines=lambda fields: malformed.append(",".join(fields)),
)
short = rows["payment_method"].isna()
frame = rows[~short].reset_index(drop=True).astype(object).where(lambda cells: cells.notna(), None)
share = r"^(0(\.[0-9]*)?|1(\.0*)?)$"
expect = gx.expectations
expectations = [
    *[
        expect.ExpectColumnValuesToNotBeNull(column=column)
        for column in ("order_id", "product_id", "quantity", "unit_price", "sold_at")
    ],
    expect.ExpectColumnValuesToMatchRegex(column="quantity", regex=r"^[+-]?[0-9]+(\.0*)?$"),
    expect.ExpectColumnValuesToNotBeInSet(column="quantity", value_set=["0"]),
    expect.ExpectColumnValuesToMatchRegex(column="unit_price", regex=r"^\+?([0-9]+(\.[0-9]*)?|\.[0-9]+)$"),
    expect.ExpectColumnValuesToMatchRegex(column="sold_at", regex=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:]{8}Z?$"),
    expect.ExpectColumnValuesToMatchRegex(column="discount", regex=share),
    expect.ExpectColumnValuesToMatchRegex(column="vat", regex=share),
    expect.ExpectColumnValuesToBeInSet(column="channel", value_set=["web", "mobile", "store", "marketplace"]),
]
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}
asset = context.data_sources.add_pandas("bench").add_dataframe_asset("sales")
batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
reasons = pd.Series("", index=frame.index, dtype="object")
for expectation in expectations:
    result = batch.validate(expectation, result_format="COMPLETE")
    bad = result.result.get("unexpected_index_list") or []
    if not bad:
        continue
    reasons.loc[bad] += f"{type(expectation).__name__}:{expectation.column} "
frame[reasons == ""].astype("string").to_parquet(f"{out}/accepted.parquet")
frame[reasons != ""].astype("string").assign(reasons=reasons).to_parquet(f"{out}/rejected.parquet")
rows[short].to_parquet(f"{out}/rejected_short.parquet")
pd.DataFrame({"raw": malformed}, dtype="string").to_parquet(f"{out}/rejected_malformed.parquet")
