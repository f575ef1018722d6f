-- grain: month
-- What each product brought in each month; `month` is its first day.
select
  month_of(date) as month,
  product_id,
  max(product_name) as product_name,
  max(product_category) as product_category,
  try_cast(sum(cast(quantity as decimal(19, 0))) as bigint) as quantity,
  cast(sum(revenue) as decimal(38, 4)) as revenue,
  cast(sum(revenue_with_vat) as decimal(38, 4)) as revenue_with_vat
from enriched.sales
group by month_of(date), product_id
