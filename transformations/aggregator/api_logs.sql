-- partition: date
-- grain: date
-- Requests by day, part of the shop, method and country.
select
  date,
  category,
  method,
  country_code,
  count(*) as count_requests,
  ratio(sum(exact(response_time_ms)), count(response_time_ms)) as avg_response_time_ms,
  ratio(sum(cast(payload_size_bytes as decimal(19, 0))), count(payload_size_bytes)) as avg_payload_bytes,
  count(*) filter (where cache_hit) as nb_cache_hits,
  count(*) filter (where status_code >= 400) as nb_errors
from enriched.api_logs
group by date, category, method, country_code
