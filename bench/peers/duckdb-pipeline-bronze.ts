/** source → SELECT over its raw files: text to values, bad rows left out, `date` where the table is partitioned. */
export function bronzeSelects(raw: string): Readonly<Record<string, string>> {
  return {
    users: csv(
      raw,
      "users_database.csv",
      {
        ...texts("user_id! email! first_name! last_name!"),
        age: "age::bigint!",
        ...texts("gender! country! city!"),
        registration_date: "registration_date::date!",
        is_premium: "is_premium::boolean!",
        total_orders: "total_orders::bigint!",
        total_spent: "total_spent::decimal(18, 2)!",
        last_login: "last_login::timestamptz!",
      },
      `age between 16 and 100 and total_orders >= 0 and total_spent >= 0 and gender in ('M', 'F', 'Other')
       and email not in ('admin@example.com', 'root@example.org')`,
    ),
    products: csv(
      raw,
      "products_catalog.csv",
      {
        ...texts("product_id! name! category!"),
        price: "price::decimal(18, 2)!",
        cost: "cost::decimal(18, 2)!",
        stock: "stock::bigint!",
        ...texts("brand!"),
        created_at: "created_at::timestamptz!",
        is_active: "is_active::boolean!",
        rating: "rating::double!",
        review_count: "review_count::bigint!",
      },
      "price >= 0 and cost >= 0 and stock >= 0 and review_count >= 0 and rating between 0 and 5",
    ),
    sessions: csv(
      raw,
      "user_sessions/*.csv",
      {
        ...texts("session_id! user_id!"),
        start_time: "start_time::timestamptz!",
        end_time: "end_time::timestamptz!",
        duration_seconds: "duration_seconds::double",
        pages_visited: "pages_visited::bigint!",
        products_viewed: "products_viewed::bigint!",
        products_added_to_cart: "products_added_to_cart::bigint!",
        conversion: "conversion::boolean!",
        bounce_rate: "bounce_rate::share",
        total_spent: "total_spent::decimal(18, 2)!",
        ...texts("device_type! browser! referrer country city"),
      },
      `pages_visited >= 0 and products_viewed >= 0 and products_added_to_cart >= 0 and total_spent >= 0
       and end_time >= start_time and date_diff('second', start_time, end_time) <= 21600
       and (bounce_rate is null or bounce_rate between 0 and 1)`,
      "start_time",
    ),
    sales: csv(
      raw,
      "sales/*.csv",
      {
        ...texts("order_id! product_id!"),
        quantity: "quantity::bigint!",
        unit_price: "unit_price::decimal(18, 4)!",
        sold_at: "sold_at::timestamptz!",
        ...texts("user_id session_id"),
        discount: "discount::double",
        vat: "vat::double",
        ...texts("currency channel store_id country payment_method"),
      },
      `quantity <> 0 and unit_price >= 0 and (discount is null or discount between 0 and 1)
       and (vat is null or vat between 0 and 1)
       and (channel is null or channel in ('web', 'mobile', 'store', 'marketplace'))`,
      "sold_at",
    ),
    api_logs: typed(
      `read_json('${raw}/*.json.gz', filename = '_file', columns = {${apiColumns}})`,
      {
        ...texts("request_id!"),
        timestamp: "timestamp::timestamptz!",
        ...texts("user_id! session_id! method! endpoint!"),
        status_code: "status_code::bigint!",
        response_time_ms: "response_time_ms::double!",
        ...texts("country_code! user_agent ip_address"),
        payload_size_bytes: "payload_size_bytes::bigint",
        cache_hit: "cache_hit::boolean",
        ...texts("error_message"),
      },
      `status_code between 100 and 599 and response_time_ms <= 10000 and method in ('GET', 'POST', 'PUT', 'DELETE')
       and country_code <> ''`,
      "timestamp",
    ),
    events: typed(
      `(from read_csv('${raw}/events/*.csv', ${csvOptions}) union all by name
       from read_json('${raw}/events/*.jsonl', filename = '_file', columns = {${eventColumns}}))`,
      {
        event_time: "event_time::timestamptz!",
        ...texts("event_type! user_id session_id client_id product_id category brand"),
        price: "price::decimal(18, 2)",
        quantity: "quantity::bigint",
        revenue: "revenue::decimal(18, 2)",
        ...texts("referrer page_url user_agent properties"),
      },
      "(price is null or price >= 0) and (revenue is null or revenue >= 0)",
      "event_time",
    ),
    web_logs: webLogs(raw),
  };
}

const csvOptions = `header = true, all_varchar = true, union_by_name = true, ignore_errors = true, filename = '_file'`;
const apiColumns = varchars(
  "request_id timestamp user_id session_id method endpoint status_code response_time_ms country_code user_agent ip_address payload_size_bytes cache_hit error_message",
);
const eventColumns = varchars(
  "event_time event_type user_id session_id client_id product_id category brand price quantity revenue referrer page_url user_agent properties",
);

function varchars(names: string): string {
  return names
    .split(" ")
    .map((name) => `${name}: 'VARCHAR'`)
    .join(", ");
}

function texts(names: string): Record<string, string> {
  return Object.fromEntries(names.split(" ").map((name) => [name.replace("!", ""), name]));
}

function csv(
  raw: string,
  files: string,
  columns: Readonly<Record<string, string>>,
  rules: string,
  time?: string,
): string {
  return typed(
    `read_csv('${raw}/${files}', delim = ',', quote = '"', escape = '"', ${csvOptions})`,
    columns,
    rules,
    time,
  );
}

/** `text::type!`, `!` for required. A row goes when a value is no value of its type, missing, or against the rules. */
function typed(
  from: string,
  columns: Readonly<Record<string, string>>,
  rules: string,
  time?: string,
): string {
  const values: string[] = [];
  const kept: string[] = [];
  for (const [name, spec] of Object.entries(columns)) {
    const [text = "", type] = spec.replace("!", "").split("::");
    const cast =
      type === undefined
        ? text
        : type === "share"
          ? `case ${text} when 'true' then 1 when 'false' then 0 else try_cast(${text} as double) end`
          : `try_cast(${text} as ${type})`;
    values.push(`${cast} as "${name}"`);
    if (spec.endsWith("!")) kept.push(`"${name}" is not null`);
    else if (type !== undefined) kept.push(`(v.t."${text}" is null or "${name}" is not null)`);
  }
  const date = time === undefined ? "" : `, "${time}"::date as date`;
  const names = Object.keys(columns).map((name) => `v."${name}"`);
  return `select ${names.join(", ")}, _file${date} from (select t, t._file, ${values.join(", ")} from ${from} as t) as v
    where ${kept.join(" and ")} and ${rules}`;
}

function webLogs(raw: string): string {
  const lines = (files: string): string =>
    `read_csv('${raw}/web_logs/${files}', header = false, columns = {line: 'VARCHAR'}, delim = '\\x01', quote = '', escape = '',
      auto_detect = false, filename = '_file')`;
  const combined =
    '^(\\S+) \\S+ (\\S+) \\[([^\\]]+)\\] "(\\S+) (\\S+) (\\S+)" ([0-9]{3}) ([0-9]+|-) "([^"]*)" "([^"]*)"$';
  const app = "^(\\S+ \\S+) \\S+ user:(\\S+) ip:(\\S+) action:([a-z_]+):(\\S+) status:\\S+$";
  return `
    select try_strptime(m.time, '%d/%b/%Y:%H:%M:%S %z')::timestamptz as time, m.ip as ip_address, m.method, m.path, m.protocol,
      m.status::bigint as status, try_cast(m.bytes as bigint) as bytes, nullif(m.referrer, '-') as referrer,
      nullif(m.agent, '-') as user_agent, nullif(m.user, '-') as user_id, null::varchar as action, null::varchar as product_id,
      _file, try_strptime(m.time, '%d/%b/%Y:%H:%M:%S %z')::timestamptz::date as date
    from (select regexp_extract(line, '${combined}', ['ip', 'user', 'time', 'method', 'path', 'protocol', 'status', 'bytes',
      'referrer', 'agent']) as m, _file from ${lines("access*")})
    where m.ip <> '' and m.status::bigint between 100 and 599 and try_strptime(m.time, '%d/%b/%Y:%H:%M:%S %z') is not null
    union all
    select try_cast(m.time as timestamptz), m.ip, null, null, null, null, null, null, null, m.user, m.action, m.product, _file,
      try_cast(m.time as timestamptz)::date
    from (select regexp_extract(line, '${app}', ['time', 'user', 'ip', 'action', 'product']) as m, _file from ${lines("app*")})
    where m.ip <> '' and try_cast(m.time as timestamptz) is not null`;
}
