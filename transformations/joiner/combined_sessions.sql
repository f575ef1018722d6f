-- partition: date
-- grain: date
-- bucket: user_id
-- lookup: enriched.users on user_id
-- lookup: enriched.api_logs on session_id, user_id
-- Sessions with their user and the user's latest request in that session.
with latest_logs as (
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
    category
  from enriched.api_logs
  qualify row_number() over (
    partition by session_id, user_id
    order by timestamp desc nulls last, request_id desc nulls last
  ) = 1
)
select
  s.session_id,
  s.user_id,
  s.start_time,
  s.end_time,
  s.duration_seconds,
  s.pages_visited,
  s.products_viewed,
  s.products_added_to_cart,
  s.conversion,
  s.bounce_rate,
  s.total_spent,
  s.device_type,
  s.browser,
  s.referrer,
  s.country,
  s.city,
  s.duration_min,
  s.traffic_source,
  s.device_category,
  s.is_bounce,
  s.is_conversion,
  s.abandoned_cart,
  u.email as user_email,
  u.first_name as user_first_name,
  u.last_name as user_last_name,
  u.age as user_age,
  u.gender as user_gender,
  u.country as user_country,
  u.city as user_city,
  u.registration_date as user_registration_date,
  u.is_premium as user_is_premium,
  u.total_orders as user_total_orders,
  u.total_spent as user_total_spent,
  u.last_login as user_last_login,
  u.customer_type as user_customer_type,
  u.loyalty_score as user_loyalty_score,
  l.request_id as log_request_id,
  l.timestamp as log_timestamp,
  l.method as log_method,
  l.endpoint as log_endpoint,
  l.status_code as log_status_code,
  l.response_time_ms as log_response_time_ms,
  l.country_code as log_country_code,
  l.user_agent as log_user_agent,
  l.ip_address as log_ip_address,
  l.payload_size_bytes as log_payload_size_bytes,
  l.cache_hit as log_cache_hit,
  l.error_message as log_error_message,
  l.category as log_category,
  s.date
from enriched.sessions as s
left join enriched.users as u on u.user_id = s.user_id
left join latest_logs as l on l.session_id = s.session_id and l.user_id = s.user_id
