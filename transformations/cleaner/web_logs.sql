-- One row a line of the log; keys trimmed.
select
  time,
  ip_address,
  method,
  path,
  protocol,
  status,
  bytes,
  referrer,
  user_agent,
  trim_blanks(user_id) as user_id,
  action,
  trim_blanks(product_id) as product_id
from latest.web_logs
