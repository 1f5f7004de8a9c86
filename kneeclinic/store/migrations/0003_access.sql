-- Second factors with their recovery codes, half sign-ins that wait for one more step, who somebody is at the provider of the single
-- sign-on, records that only the treating therapists open, and who opened one all the same.
-- `step` is what a session still waits for; empty = it opens the clinic. `last_step` is the newest thirty seconds whose code was used.

alter table account add column must_change_password boolean default false;
alter table session add column step varchar default '';

create table second_factor (
    account_id varchar primary key,
    sealed_secret blob not null,
    made_at timestamp not null,
    confirmed_at timestamp,
    last_step bigint not null
);

create table recovery_code (
    account_id varchar not null,
    place integer not null,
    code_hash varchar not null,
    used_at timestamp,
    primary key (account_id, place)
);

create table provider_identity (
    account_id varchar primary key,
    subject_index varchar not null unique,
    linked_at timestamp not null
);

create table restriction (
    patient_id varchar primary key,
    sealed_reason blob,
    restricted_by varchar not null,
    restricted_at timestamp not null
);

create table glass (
    id varchar primary key,
    patient_id varchar not null,
    account_id varchar not null,
    session_id varchar not null,
    sealed_words blob,
    broken_at timestamp not null,
    until_at timestamp not null,
    reviewed_by varchar not null,
    reviewed_at timestamp
);
