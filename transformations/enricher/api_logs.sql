-- Requests with the part of the shop that they hit.
select
  request_id,
  timestamp,
  user_id,
  session_id,
  method,
  endpoint,
  status_code,
  response_time_ms,
  country_code,
  user_agent,
  ip_address,
  payload_size_bytes,
  cache_hit,
  error_message,
  page_category(endpoint) as category,
  day_of(timestamp) as date
from cleaned.api_logs
