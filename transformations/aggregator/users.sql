-- Users by country, type and premium.
select
  country,
  customer_type,
  is_premium,
  count(*) as nb_users,
  ratio(sum(cast(age as decimal(19, 0))), count(age)) as avg_age,
  ratio(sum(cast(total_orders as decimal(19, 0))), count(total_orders)) as avg_total_orders,
  ratio(sum(total_spent), count(total_spent)) as avg_total_spent,
  ratio(sum(loyalty_score), count(loyalty_score)) as avg_loyalty_score,
  ratio(sum(cast(days_since_last_login as decimal(19, 0))), count(days_since_last_login)) as avg_days_since_login
from enriched.users
group by country, customer_type, is_premium
