import { bronzeSelects } from "./duckdb-pipeline-bronze.js";

const days: ReadonlySet<string> = new Set(["api_logs", "sessions", "sales", "web_logs", "events"]);

/** Every statement of the hand-written pipeline, in order. */
export function pipelineStatements(raw: string, out: string): readonly string[] {
  const save = (name: string, select: string, byDate: boolean): readonly string[] => {
    const to = byDate
      ? `'${out}/${name}' (format parquet, partition_by (date))`
      : `'${out}/${name}.parquet' (format parquet)`;
    const files = byDate ? `${out}/${name}/**/*.parquet` : `${out}/${name}.parquet`;
    const view = name.replace("/", "_");
    return [
      `copy (${select}) to ${to}`,
      `create view ${view} as from read_parquet('${files}', hive_partitioning = true)`,
    ];
  };
  return [
    `create macro mask(t) as case when strpos(t, '@') > 1 then t[1] || '***@' || split_part(t, '@', -1) else t[1] || '***' end`,
    `create macro page(p) as case when p like '%/checkout%' then 'checkout' when p like '%/cart%' then 'cart'
       when p like '%/categories%' then 'catalog' when p like '%/login%' or p like '%/auth%' then 'auth'
       when p like '%/products%' then 'product' else 'other' end`,
    `create macro stage(e) as case when e in ('view', 'view_product') then 'view' when e in ('cart', 'add_to_cart') then 'cart'
       when e = 'checkout' then 'checkout' when e = 'purchase' then 'purchase' else 'other' end`,
    ...Object.entries(bronzeSelects(raw)).flatMap(([source, select]) =>
      save(`processed/${source}`, select, days.has(source)),
    ),
    ...Object.entries(enriched).flatMap(([source, select]) =>
      save(`enriched/${source}`, select, days.has(source)),
    ),
    ...save("joined/combined_sessions", joined, true),
    ...Object.entries(aggregated).flatMap(([model, select]) => save(`aggregated/${model}`, select, false)),
  ];
}

const latest = (source: string, key: string, version: string): string =>
  `(from processed_${source} qualify row_number() over (partition by ${key} order by ${version} desc, _file desc) = 1)`;

/** One row for what several files say, as many as one file says. */
const once = (source: string): string =>
  `(select * exclude (n), unnest(range(n)) as nth from (
     select * exclude (_file, n), max(n) as n from (select *, count(*) as n from processed_${source} group by all)
     group by all))`;

const enriched: Readonly<Record<string, string>> = {
  products: `select * exclude (_file), price - cost as margin, round((price - cost) / nullif(cost, 0) * 100, 6) as margin_pct,
    case when stock <= 10 then 'low' when stock <= 100 then 'medium' else 'high' end as stock_status,
    date_diff('day', created_at::date, current_date) between 0 and 30 as is_new, created_at::date as date
    from ${latest("products", "product_id", "price")}`,
  users: `select * exclude (_file) replace (lower(mask(email)) as email, mask(first_name) as first_name,
      mask(last_name) as last_name, upper(country) as country),
    case when is_premium then 'premium' when total_orders = 0 then 'new' else 'returning' end as customer_type,
    round(1.5 * total_orders + 0.05 * total_spent + case when is_premium then 10 else 0 end, 2) as loyalty_score,
    date_diff('day', last_login::date, current_date) as days_since_last_login
    from ${latest("users", "user_id", "last_login")}`,
  api_logs: `select * exclude (_file) replace (upper(country_code) as country_code), page(endpoint) as category
    from ${latest("api_logs", "request_id", "timestamp")}`,
  sessions: `select * exclude (_file) replace (upper(country) as country),
    (epoch_us(end_time) - epoch_us(start_time)) / 60000000.0 as duration_min,
    case when referrer is null then 'unknown' when lower(referrer) like '%ads%' then 'ads'
      when lower(referrer) like '%facebook%' or lower(referrer) like '%social%' then 'social'
      when lower(referrer) like '%direct%' then 'direct' else 'other' end as traffic_source,
    case when lower(device_type) in ('desktop', 'tablet', 'mobile') then lower(device_type) else 'unknown' end as device_category,
    coalesce(bounce_rate >= 0.5, pages_visited <= 1) as is_bounce, conversion as is_conversion,
    coalesce(products_added_to_cart > 0, false) and not conversion as abandoned_cart
    from ${latest("sessions", "session_id", "start_time")}`,
  sales: `select s.* replace (upper(s.country) as country, upper(s.currency) as currency),
    round(s.quantity * s.unit_price * (1 - coalesce(s.discount, 0)::decimal(9, 6)), 4)::decimal(38, 4) as revenue,
    round(s.quantity * s.unit_price * (1 - coalesce(s.discount, 0)::decimal(9, 6)) * (1 + coalesce(s.vat, 0.1)::decimal(9, 6)), 4)::decimal(38, 4)
      as revenue_with_vat,
    p.name as product_name, p.category as product_category
    from ${once("sales")} as s left join enriched_products as p using (product_id)`,
  web_logs: `select w.*, hour(w.time) as hour, page(w.path) as category, stage(w.action) as event_stage,
    p.name as product_name, p.category as product_category
    from ${once("web_logs")} as w left join enriched_products as p using (product_id)`,
  events: `select e.*, hour(e.event_time) as hour, page(e.page_url) as page_category, stage(e.event_type) as event_stage,
    p.name as product_name, p.category as product_category
    from ${once("events")} as e left join enriched_products as p using (product_id)`,
};

const joined = `select s.*,
    u.email as user_email, u.first_name as user_first_name, u.last_name as user_last_name, u.age as user_age,
    u.gender as user_gender, u.country as user_country, u.city as user_city, u.registration_date as user_registration_date,
    u.is_premium as user_is_premium, u.total_orders as user_total_orders, u.total_spent as user_total_spent,
    u.last_login as user_last_login, u.customer_type as user_customer_type, u.loyalty_score as user_loyalty_score,
    l.request_id as log_request_id, l.timestamp as log_timestamp, l.method as log_method, l.endpoint as log_endpoint,
    l.status_code as log_status_code, l.response_time_ms as log_response_time_ms, l.country_code as log_country_code,
    l.user_agent as log_user_agent, l.ip_address as log_ip_address, l.payload_size_bytes as log_payload_size_bytes,
    l.cache_hit as log_cache_hit, l.error_message as log_error_message, l.category as log_category
  from enriched_sessions as s
  left join enriched_users as u using (user_id)
  left join (from enriched_api_logs qualify row_number() over (
    partition by session_id, user_id order by timestamp desc, request_id desc) = 1) as l using (session_id, user_id)`;

const aggregated: Readonly<Record<string, string>> = {
  api_logs: `select date, category, method, country_code, count(*) as count_requests,
    avg(response_time_ms) as avg_response_time_ms, avg(payload_size_bytes) as avg_payload_bytes,
    count(*) filter (where cache_hit) as nb_cache_hits,
    count(*) filter (where status_code >= 400) as nb_errors from enriched_api_logs group by all`,
  sessions: `select date, device_type, browser, referrer, country, city, conversion, count(*) as nb_sessions,
    avg(duration_min) as avg_duration_min, avg(pages_visited) as avg_pages_visited, avg(products_viewed) as avg_products_viewed,
    avg(products_added_to_cart) as avg_products_added, avg(is_conversion::int) as conversion_rate,
    avg(is_bounce::int) as bounce_rate, avg(total_spent) as avg_total_spent, avg(abandoned_cart::int) as cart_abandonment_rate
    from enriched_sessions group by all`,
  products: `select date, category, stock_status, is_active, count(*) as nb_products, avg(price) as avg_price,
    avg(cost) as avg_cost, avg(margin_pct) as avg_margin_pct, avg(rating) as avg_rating, avg(review_count) as avg_review_count
    from enriched_products group by all`,
  users: `select country, customer_type, is_premium, count(*) as nb_users, avg(age) as avg_age,
    avg(total_orders) as avg_total_orders, avg(total_spent) as avg_total_spent, avg(loyalty_score) as avg_loyalty_score,
    avg(days_since_last_login) as avg_days_since_login from enriched_users group by all`,
  sales_by_month: `select date_trunc('month', date) as month, product_id, max(product_name) as product_name,
    max(product_category) as product_category, sum(quantity) as quantity, sum(revenue) as revenue,
    sum(revenue_with_vat) as revenue_with_vat from enriched_sales group by all`,
  sales_by_day: `select date, country, count(distinct order_id) as orders, count(distinct user_id) as customers,
    sum(quantity) as quantity, sum(revenue) as revenue from enriched_sales group by all`,
  web_logs: `select date, hour, left(status::varchar, 1) || 'xx' as status_class, count(*) as hits, sum(bytes) as bytes,
    count(distinct ip_address) as visitors from enriched_web_logs group by all`,
  events_funnel: `select date, event_stage as stage, count(*) as events,
    count(distinct coalesce(session_id, client_id)) as sessions from enriched_events group by all`,
};
