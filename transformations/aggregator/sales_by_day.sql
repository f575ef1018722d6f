-- grain: date
-- Orders, customers and revenue of each day and country.
select
  date,
  country,
  count(distinct order_id) as orders,
  count(distinct user_id) as customers,
  try_cast(sum(cast(quantity as decimal(19, 0))) as bigint) as quantity,
  cast(sum(revenue) as decimal(38, 4)) as revenue
from enriched.sales
group by date, country
