-- Products by the day of their making, category, stock and whether they are on sale.
select
  date,
  category,
  stock_status,
  is_active,
  count(*) as nb_products,
  ratio(sum(price), count(price)) as avg_price,
  ratio(sum(cost), count(cost)) as avg_cost,
  ratio(sum(margin_pct), count(margin_pct)) as avg_margin_pct,
  ratio(sum(exact(rating)), count(rating)) as avg_rating,
  ratio(sum(cast(review_count as decimal(19, 0))), count(review_count)) as avg_review_count
from enriched.products
group by date, category, stock_status, is_active
