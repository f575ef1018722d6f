-- One row a session; keys trimmed, the country in upper case.
select
  trim_blanks(session_id) as session_id,
  trim_blanks(user_id) as user_id,
  start_time,
  end_time,
  duration_seconds,
  pages_visited,
  products_viewed,
  products_added_to_cart,
  conversion,
  bounce_rate,
  total_spent,
  device_type,
  browser,
  referrer,
  upper_ascii(country) as country,
  city
from latest.sessions
