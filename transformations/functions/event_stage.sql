-- function: event_stage(event string) returns string
-- The stage of the funnel that an event or action stands for, whatever dialect names it.
case
  when snake_ascii(event) in (
    'view', 'viewed', 'page_view', 'page_viewed', 'pageview', 'product_view', 'product_viewed', 'view_product',
    'view_item', 'view_page', 'item_viewed', 'view_content', 'viewcontent'
  ) then 'view'
  when snake_ascii(event) in (
    'cart', 'add_to_cart', 'added_to_cart', 'addtocart', 'cart_add', 'product_added', 'product_added_to_cart'
  ) then 'cart'
  when snake_ascii(event) in (
    'checkout', 'checkout_start', 'checkout_started', 'begin_checkout', 'start_checkout', 'initiate_checkout'
  ) then 'checkout'
  when snake_ascii(event) in (
    'purchase', 'purchased', 'checkout_completed', 'complete_checkout', 'order_completed', 'order_placed', 'buy'
  ) then 'purchase'
  else 'other'
end
