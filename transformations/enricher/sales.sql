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
  exact_amount(s.quantity, s.unit_price, coalesce(s.discount, 0), 0) as revenue,
  exact_amount(s.quantity, s.unit_price, coalesce(s.discount, 0), coalesce(s.vat, default_vat())) as revenue_with_vat,
  p.name as product_name,
  p.category as product_category,
  day_of(s.sold_at) as date
from cleaned.sales as s
left join enriched.products as p on p.product_id = s.product_id
