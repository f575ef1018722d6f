-- grain: date
-- Events of each day and stage of the funnel, and the sessions (or clients, where there is no session) that got there.
select
  date,
  event_stage as stage,
  count(*) as events,
  count(distinct coalesce(session_id, client_id)) as sessions
from enriched.events
group by date, event_stage
