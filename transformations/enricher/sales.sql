-- lookup: enriched.products on product_id
-- Till lines with what they brought, without and with VAT, and what the product is.
select
  s.order_id,
  s.line_no,
  s.product_id,
  s.quantity,
  s.unit_price,
  s.sold_at,
  s.user_id,
  s.session_id,
  s.discount,
  s.vat,
  s.currency,
  s.channel,
  s.store_id,
  s.country,
  s.payment_method,
  exact_product(s.quantity, s.unit_price, 1 - coalesce(exact(s.discount), 0), 1) as revenue,
  exact_product(
    s.quantity, s.unit_price, 1 - coalesce(exact(s.discount), 0), 1 + coalesce(exact(s.vat), default_vat())
  ) as revenue_with_vat,
  p.name as product_name,
  p.category as product_category,
  cast(s.sold_at as date) as date
from cleaned.sales as s
left join enriched.products as p on p.product_id = s.product_id
