-- One row a till line; keys trimmed, country and currency in upper case.
select
  trim_blanks(order_id) as order_id,
  trim_blanks(line_no) as line_no,
  trim_blanks(product_id) as product_id,
  quantity,
  unit_price,
  sold_at,
  trim_blanks(user_id) as user_id,
  trim_blanks(session_id) as session_id,
  discount,
  vat,
  upper_ascii(currency) as currency,
  channel,
  store_id,
  upper_ascii(country) as country,
  payment_method
from latest.sales
