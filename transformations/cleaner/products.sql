-- One row a product; keys trimmed.
select
  trim_blanks(product_id) as product_id,
  name,
  category,
  price,
  cost,
  stock,
  brand,
  created_at,
  is_active,
  rating,
  review_count
from latest.products
