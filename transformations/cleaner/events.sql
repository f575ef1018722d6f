-- One row a click; keys trimmed.
select
  trim_blanks(event_id) as event_id,
  event_time,
  event_type,
  trim_blanks(user_id) as user_id,
  trim_blanks(session_id) as session_id,
  trim_blanks(client_id) as client_id,
  trim_blanks(product_id) as product_id,
  category,
  brand,
  price,
  quantity,
  revenue,
  referrer,
  page_url,
  user_agent,
  properties
from latest.events
