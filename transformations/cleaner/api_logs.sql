-- One row a request; keys trimmed, the country in upper case.
select
  trim_blanks(request_id) as request_id,
  timestamp,
  trim_blanks(user_id) as user_id,
  trim_blanks(session_id) as session_id,
  method,
  endpoint,
  status_code,
  response_time_ms,
  upper_ascii(country_code) as country_code,
  user_agent,
  ip_address,
  payload_size_bytes,
  cache_hit,
  error_message
from latest.api_logs
