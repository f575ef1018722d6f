-- run date: is_new
-- Products with their margin, how much is in stock and whether they are new at the run's date.
select
  product_id,
  name,
  category,
  price,
  cost,
  stock,
  brand,
  created_at,
  is_active,
  rating,
  review_count,
  price - cost as margin,
  ratio((price - cost) * 100, cost) as margin_pct,
  case
    when stock <= 10 then 'low'
    when stock <= 100 then 'medium'
    else 'high'
  end as stock_status,
  days_between(day_of(created_at), run_date()) between 0 and 30 as is_new,
  day_of(created_at) as date
from cleaned.products
