-- partition: date
-- grain: date
-- Hits, bytes and visitors (distinct addresses) of each hour and class of status.
select
  date,
  hour,
  left(cast(status as string), 1) || 'xx' as status_class,
  count(*) as hits,
  try_cast(sum(cast(bytes as decimal(19, 0))) as bigint) as bytes,
  count(distinct ip_address) as visitors
from enriched.web_logs
group by date, hour, left(cast(status as string), 1) || 'xx'
