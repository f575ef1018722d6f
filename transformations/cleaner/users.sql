-- One row a user; keys trimmed, the country in upper case, the e-mail in lower case.
select
  trim_blanks(user_id) as user_id,
  lower_ascii(email) as email,
  first_name,
  last_name,
  age,
  gender,
  upper_ascii(country) as country,
  city,
  registration_date,
  is_premium,
  total_orders,
  total_spent,
  last_login
from latest.users
