"""The same ingest by hand in Polars. Usage: polars_ingest.py <sales.csv> <out folder>"""

import sys

import polars as pl

source, out = sys.argv[1:]
columns = (
    "order_id product_id quantity unit_price sold_at user_id session_id discount vat currency channel store_id "
    "country payment_method"
).split()
# Whole lines first: read_csv cannot tell too few columns from empty ones.
lines = pl.read_csv(source, has_header=False, skip_rows=1, separator="\x01", quote_char=None, new_columns=["line"])
lines = lines.filter(pl.col("line").is_not_null())
fields = lines.with_columns(parts=pl.col("line").str.split(","))
malformed = fields.filter(pl.col("parts").list.len() != len(columns)).select("line", reasons=pl.lit("malformed_row"))
rows = fields.filter(pl.col("parts").list.len() == len(columns)).select(
    "line", *[pl.col("parts").list.get(i).replace("", None).alias(name) for i, name in enumerate(columns)]
)
typed = rows.with_columns(
    q=pl.col("quantity").cast(pl.Float64, strict=False).cast(pl.Int64),
    p=pl.col("unit_price").cast(pl.Decimal(18, 4), strict=False),
    t=pl.col("sold_at").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", strict=False, time_zone="UTC"),
    d=pl.col("discount").cast(pl.Float64, strict=False),
    v=pl.col("vat").cast(pl.Float64, strict=False),
)


def refused(text, value, name):
    return pl.when(pl.col(text).is_not_null() & pl.col(value).is_null()).then(pl.lit(f"wrong_type:{name} "))


def when(condition, reason):
    return pl.when(condition).then(pl.lit(reason + " "))


checks = [
    *[when(pl.col(c).is_null(), f"missing_required:{c}") for c in columns[:5]],
    *[refused(t, v, t) for t, v in (("quantity", "q"), ("unit_price", "p"), ("sold_at", "t"), ("discount", "d"), ("vat", "v"))],
    when(pl.col("q") == 0, "not_allowed:quantity"),
    when(pl.col("p") < 0, "out_of_range:unit_price"),
    when(~pl.col("d").is_between(0, 1), "out_of_range:discount"),
    when(~pl.col("v").is_between(0, 1), "out_of_range:vat"),
    when(~pl.col("channel").is_in(["web", "mobile", "store", "marketplace"]), "not_allowed:channel"),
]
judged = typed.with_columns(reasons=pl.concat_str(checks, ignore_nulls=True))
good = judged.filter(pl.col("reasons") == "")
good.select(
    "order_id", "product_id", quantity="q", unit_price="p", sold_at="t", user_id="user_id", session_id="session_id",
    discount="d", vat="v", currency="currency", channel="channel", store_id="store_id", country="country",
    payment_method="payment_method",
).write_parquet(f"{out}/accepted.parquet", compression="snappy")
judged.filter(pl.col("reasons") != "").select("line", "reasons").write_parquet(f"{out}/rejected.parquet")
malformed.write_parquet(f"{out}/rejected_malformed.parquet")
