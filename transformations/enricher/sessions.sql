-- Sessions with their length, where they came from and how they ended.
select
  session_id,
  user_id,
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
  country,
  city,
  minutes_between(start_time, end_time) as duration_min,
  case
    when referrer is null then 'unknown'
    when lower_ascii(referrer) like '%ads%' then 'ads'
    when lower_ascii(referrer) like '%facebook%' or lower_ascii(referrer) like '%social%' then 'social'
    when lower_ascii(referrer) like '%direct%' then 'direct'
    else 'other'
  end as traffic_source,
  case
    when lower_ascii(device_type) in ('desktop', 'tablet', 'mobile') then lower_ascii(device_type)
    else 'unknown'
  end as device_category,
  coalesce(bounce_rate >= 0.5, pages_visited <= 1) as is_bounce,
  conversion as is_conversion,
  coalesce(products_added_to_cart > 0, false) and not conversion as abandoned_cart,
  day_of(start_time) as date
from cleaned.sessions
