-- The dose that a therapist usually begins an exercise with; and the paired tries of tape or device in one session.
-- `tries` holds pain without and with, pair after pair.

create table usual_dose (
    id varchar primary key,
    account_id varchar not null,
    exercise varchar not null,
    sets integer,
    reps integer,
    hold_s double,
    minutes double,
    days_per_week integer not null,
    load_kg double,
    sealed_words blob,
    set_at timestamp not null
);

alter table program_tape add column tries integer[];
alter table program_device add column tries integer[];
