-- partition: date
-- grain: date
-- Sessions by day, device, browser, referrer, place and outcome; rates are shares of the group's sessions.
select
  date,
  device_type,
  browser,
  referrer,
  country,
  city,
  conversion,
  count(*) as nb_sessions,
  ratio(sum(exact(duration_min)), count(duration_min)) as avg_duration_min,
  ratio(sum(cast(pages_visited as decimal(19, 0))), count(pages_visited)) as avg_pages_visited,
  ratio(sum(cast(products_viewed as decimal(19, 0))), count(products_viewed)) as avg_products_viewed,
  ratio(sum(cast(products_added_to_cart as decimal(19, 0))), count(products_added_to_cart)) as avg_products_added,
  ratio(count(*) filter (where is_conversion), count(*)) as conversion_rate,
  ratio(count(*) filter (where is_bounce), count(*)) as bounce_rate,
  ratio(sum(total_spent), count(total_spent)) as avg_total_spent,
  ratio(count(*) filter (where abandoned_cart), count(*)) as cart_abandonment_rate
from enriched.sessions
group by date, device_type, browser, referrer, country, city, conversion
