-- Views are rebuilt after every migration; each has a slow, obvious twin in tests/store.

create or replace view v_observation as
select id, visit_id, episode_id, patient_id, measure, side, value, choice, items, sealed_words, taken_on, place, carried,
       entered_by, entered_at
from (
    select *, row_number() over (partition by episode_id, patient_id, measure, side, taken_on order by place desc) as newest_first
    from observation
    where invalidated_at is null
) ranked
where newest_first = 1;

-- arg_max would skip an empty value and hand out an older one; arg_max_null does not.
create or replace view v_latest as
select episode_id, patient_id, measure, side,
       arg_max(id, place) as observation_id,
       arg_max_null(value, place) as value,
       arg_max_null(choice, place) as choice,
       arg_max_null(sealed_words, place) as sealed_words,
       max(taken_on) as taken_on
from observation
where invalidated_at is null
group by episode_id, patient_id, measure, side;

create or replace view v_check_in as
select * exclude (newest_first)
from (
    select *, row_number() over (partition by episode_id, week_start order by place desc) as newest_first
    from check_in
    where invalidated_at is null
) ranked
where newest_first = 1;

create or replace view v_caseload as
select episode.id as episode_id, episode.patient_id, episode.side, episode.status, episode.therapist, episode.opened_on,
       visits.first_visit_on, visits.last_visit_on, visits.visits,
       planned.next_planned_on,
       weeks.last_check_in_week,
       programs.program_id, programs.program_version, programs.program_starts_on, programs.first_program_on, programs.phase,
       programs.paused, program_tape.stop_on as tape_stop_on, devices.device_stop_on,
       reviews.last_review_week, runs.last_run_at
from episode
left join (
    select episode_id, min(visit_on) as first_visit_on, max(visit_on) as last_visit_on, count(*) as visits from visit group by episode_id
) visits on visits.episode_id = episode.id
left join (
    select episode_id, min(planned_on) as next_planned_on from planned_visit where state = 'planned' group by episode_id
) planned on planned.episode_id = episode.id
left join (
    select episode_id, max(week_start) as last_check_in_week from check_in where invalidated_at is null group by episode_id
) weeks on weeks.episode_id = episode.id
left join (
    select episode_id, arg_max(id, version) as program_id, max(version) as program_version, arg_max(starts_on, version) as program_starts_on,
           min(starts_on) as first_program_on, arg_max(phase, version) as phase, arg_max(paused, version) as paused
    from program group by episode_id
) programs on programs.episode_id = episode.id
left join program_tape on program_tape.program_id = programs.program_id
left join (
    select program_id, min(stop_on) as device_stop_on from program_device group by program_id
) devices on devices.program_id = programs.program_id
left join (
    select episode_id, max(week_start) as last_review_week from review where undone_at is null group by episode_id
) reviews on reviews.episode_id = episode.id
left join (
    select episode_id, max(started) as last_run_at from run where invalidated_at is null group by episode_id
) runs on runs.episode_id = episode.id
where episode.status in ('open', 'paused');
