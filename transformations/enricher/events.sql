-- lookup: enriched.products on product_id
-- Clicks with their hour, the part of the shop, the funnel's stage and what the product is.
select
  e.event_id,
  e.event_time,
  e.event_type,
  e.user_id,
  e.session_id,
  e.client_id,
  e.product_id,
  e.category,
  e.brand,
  e.price,
  e.quantity,
  e.revenue,
  e.referrer,
  e.page_url,
  e.user_agent,
  e.properties,
  hour_of(e.event_time) as hour,
  page_category(e.page_url) as page_category,
  event_stage(e.event_type) as event_stage,
  p.name as product_name,
  p.category as product_category,
  day_of(e.event_time) as date
from cleaned.events as e
left join enriched.products as p on p.product_id = e.product_id
