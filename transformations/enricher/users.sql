-- run date: days_since_last_login
-- Users with their type, their loyalty and how long they have been away at the run's date.
select
  user_id,
  email,
  first_name,
  last_name,
  age,
  gender,
  country,
  city,
  registration_date,
  is_premium,
  total_orders,
  total_spent,
  last_login,
  case
    when is_premium then 'premium'
    when total_orders = 0 then 'new'
    else 'returning'
  end as customer_type,
  cast(
    round(1.5 * cast(total_orders as decimal(19, 0)) + 0.05 * total_spent + case when is_premium then 10 else 0 end, 2)
    as decimal(22, 2)
  ) as loyalty_score,
  days_between(day_of(last_login), run_date()) as days_since_last_login
from cleaned.users
