-- lookup: enriched.products on product_id
-- Lines of the access log with their hour, the part of the shop, the funnel's stage and what the product is.
select
  w.time,
  w.ip_address,
  w.method,
  w.path,
  w.protocol,
  w.status,
  w.bytes,
  w.referrer,
  w.user_agent,
  w.user_id,
  w.action,
  w.product_id,
  hour_of(w.time) as hour,
  page_category(w.path) as category,
  event_stage(w.action) as event_stage,
  p.name as product_name,
  p.category as product_category,
  day_of(w.time) as date
from cleaned.web_logs as w
left join enriched.products as p on p.product_id = w.product_id
