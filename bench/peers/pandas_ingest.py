"""The same ingest by hand in pandas. Usage: pandas_ingest.py <sales.csv> <out folder>"""

import sys

import pandas as pd

source, out = sys.argv[1:]
malformed = []


def too_many(fields):
    malformed.append(",".join(fields))


# Missing trailing columns come as nulls: the last one, never empty in good rows, tells.
rows = pd.read_csv(source, dtype="string", on_bad_lines=too_many, engine="python", keep_default_na=False, na_values=[""])
short = rows["payment_method"].isna()
cut = rows[short]
judged = rows[~short].copy()
judged["q"] = pd.to_numeric(judged["quantity"], errors="coerce")
judged["p"] = pd.to_numeric(judged["unit_price"], errors="coerce")
judged["t"] = pd.to_datetime(judged["sold_at"], errors="coerce", format="ISO8601", utc=True)
judged["d"] = pd.to_numeric(judged["discount"], errors="coerce")
judged["v"] = pd.to_numeric(judged["vat"], errors="coerce")
reasons = pd.Series("", index=judged.index, dtype="object")


def note(condition, reason):
    reasons[condition.fillna(False).astype(bool)] += reason + " "


for column in ("order_id", "product_id", "quantity", "unit_price", "sold_at"):
    note(judged[column].isna(), f"missing_required:{column}")
for column, value in (("quantity", "q"), ("unit_price", "p"), ("sold_at", "t"), ("discount", "d"), ("vat", "v")):
    note(judged[column].notna() & judged[value].isna(), f"wrong_type:{column}")
note(judged["q"] == 0, "not_allowed:quantity")
note(judged["p"] < 0, "out_of_range:unit_price")
note(judged["d"].notna() & ~judged["d"].between(0, 1), "out_of_range:discount")
note(judged["v"].notna() & ~judged["v"].between(0, 1), "out_of_range:vat")
known = ["web", "mobile", "store", "marketplace"]
note(judged["channel"].notna() & ~judged["channel"].isin(known), "not_allowed:channel")
good = judged[reasons == ""]
typed = good.drop(columns=["quantity", "unit_price", "sold_at", "discount", "vat"]).rename(
    columns={"q": "quantity", "p": "unit_price", "t": "sold_at", "d": "discount", "v": "vat"}
)
typed["unit_price"] = typed["unit_price"].map(lambda price: f"{price:.4f}")
typed.to_parquet(f"{out}/accepted.parquet")
bad = judged[reasons != ""].assign(reasons=reasons[reasons != ""])
bad[rows.columns.tolist() + ["reasons"]].to_parquet(f"{out}/rejected.parquet")
cut.assign(reasons="malformed_row").to_parquet(f"{out}/rejected_short.parquet")
pd.DataFrame({"raw": malformed, "reasons": "malformed_row"}).to_parquet(f"{out}/rejected_malformed.parquet")
