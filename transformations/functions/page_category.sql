-- function: page_category(path string) returns string
-- The part of the shop that a path belongs to; the first match wins.
case
  when path like '%/checkout%' then 'checkout'
  when path like '%/cart%' then 'cart'
  when path like '%/categories%' then 'catalog'
  when path like '%/login%' or path like '%/auth%' then 'auth'
  when path like '%/products%' then 'product'
  else 'other'
end
