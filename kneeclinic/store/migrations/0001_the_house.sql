-- Conventions. Instants are UTC without a zone (…_at); days are the clinic's (…_on). Columns named sealed_… hold AES-256-GCM bytes
-- bound to their table, column and record. Keys and uniqueness are inline: no index, no foreign key, no enumeration type.
-- Lists of codes are arrays. History tables hold what a revised row was before.

create table house (
    name varchar primary key,
    value varchar not null
);

create table key_envelope (
    fingerprint varchar primary key,
    wrapped blob not null,
    made_at timestamp not null
);

create table clinic_profile (
    id varchar primary key,
    sealed_words blob,
    sealed_logo blob,
    time_zone varchar not null,
    week_start integer not null check (week_start between 0 and 6),
    units varchar not null,
    paper varchar not null,
    language varchar not null,
    is_demo boolean not null,
    reviewed_edition varchar not null,
    reviewed_on date
);

create table account (
    id varchar primary key,
    name_index varchar not null unique,
    sealed_words blob not null,
    role varchar not null,
    active boolean not null,
    password_hash varchar not null,
    created_at timestamp not null,
    password_set_at timestamp,
    disabled_at timestamp,
    last_sign_in_at timestamp
);

create table session (
    id varchar primary key,
    token_hash varchar not null unique,
    account_id varchar not null,
    origin varchar not null,
    created_at timestamp not null,
    last_seen_at timestamp not null,
    ended_at timestamp,
    ended_why varchar not null
);

create table failed_sign_in (
    subject varchar primary key,
    failures integer not null check (failures >= 0),
    last_failed_at timestamp
);

create table patient (
    id varchar primary key,
    number_index varchar not null unique,
    person_index varchar not null,
    sealed_number blob not null,
    sealed_given_name blob,
    sealed_family_name blob,
    sealed_birth_date blob not null,
    sealed_words blob,
    sex varchar not null,
    language varchar not null,
    units varchar not null,
    equipment varchar[] not null,
    minutes_a_day integer not null,
    consent_on date,
    version integer not null check (version >= 1),
    entered_by varchar not null,
    entered_at timestamp
);

create table patient_history (
    id varchar not null,
    number_index varchar not null,
    person_index varchar not null,
    sealed_number blob not null,
    sealed_given_name blob,
    sealed_family_name blob,
    sealed_birth_date blob not null,
    sealed_words blob,
    sex varchar not null,
    language varchar not null,
    units varchar not null,
    equipment varchar[] not null,
    minutes_a_day integer not null,
    consent_on date,
    version integer not null,
    entered_by varchar not null,
    entered_at timestamp,
    primary key (id, version)
);

create table episode (
    id varchar primary key,
    patient_id varchar not null,
    side varchar not null check (side in ('left', 'right', 'both')),
    opened_on date not null,
    therapist varchar not null,
    onset_on date,
    cause_groups varchar[] not null,
    primary_cause varchar,
    icd10 varchar[] not null,
    status varchar not null,
    closed_on date,
    sealed_words blob,
    version integer not null check (version >= 1),
    entered_by varchar not null,
    entered_at timestamp
);

create table episode_history (
    id varchar not null,
    patient_id varchar not null,
    side varchar not null,
    opened_on date not null,
    therapist varchar not null,
    onset_on date,
    cause_groups varchar[] not null,
    primary_cause varchar,
    icd10 varchar[] not null,
    status varchar not null,
    closed_on date,
    sealed_words blob,
    version integer not null,
    entered_by varchar not null,
    entered_at timestamp,
    primary key (id, version)
);

create table goal (
    id varchar primary key,
    episode_id varchar not null,
    patient_id varchar not null,
    measure varchar not null,
    side varchar not null check (side in ('left', 'right', 'none')),
    target double not null,
    due_on date not null,
    baseline double,
    set_on date not null,
    dropped_on date,
    sealed_words blob
);

create table imaging (
    id varchar primary key,
    episode_id varchar not null,
    patient_id varchar not null,
    sealed_words blob,
    ordered_on date not null,
    done_on date
);

create table visit (
    id varchar primary key,
    episode_id varchar not null,
    patient_id varchar not null,
    kind varchar not null,
    visit_on date not null,
    clinician varchar not null,
    state varchar not null check (state in ('draft', 'signed')),
    sealed_words blob,
    signed_by varchar not null,
    signed_at timestamp,
    edition varchar not null,
    version integer not null check (version >= 1),
    entered_by varchar not null,
    entered_at timestamp
);

create table visit_history (
    id varchar not null,
    episode_id varchar not null,
    patient_id varchar not null,
    kind varchar not null,
    visit_on date not null,
    clinician varchar not null,
    state varchar not null,
    sealed_words blob,
    signed_by varchar not null,
    signed_at timestamp,
    edition varchar not null,
    version integer not null,
    entered_by varchar not null,
    entered_at timestamp,
    primary key (id, version)
);

create table amendment (
    id varchar primary key,
    visit_id varchar not null,
    episode_id varchar not null,
    sealed_words blob,
    amended_by varchar not null,
    amended_at timestamp not null
);

-- One row a value, appended in time order. `place` is the day and the order of entry in one number, so that the latest value is
-- arg_max(value, place): a key of two columns would make it three times slower. No primary key: it would make the table six times
-- larger; ids are random and the key is on the visit.
create table observation (
    id varchar not null,
    visit_id varchar not null,
    episode_id varchar not null,
    patient_id varchar not null,
    measure varchar not null,
    side varchar not null check (side in ('left', 'right', 'none')),
    value double,
    choice varchar,
    items double[],
    sealed_words blob,
    taken_on date not null,
    place bigint not null,
    carried boolean not null,
    entered_by varchar not null,
    entered_at timestamp,
    invalidated_at timestamp,
    invalidated_by varchar,
    sealed_invalidated_why blob
);

create table program (
    id varchar primary key,
    episode_id varchar not null,
    patient_id varchar not null,
    version integer not null check (version >= 1),
    starts_on date not null,
    phase integer not null check (phase between 0 and 4),
    template varchar not null,
    edition varchar not null,
    paused boolean not null,
    has_load boolean not null,
    load_weekly_km double,
    load_longest_run_km double,
    load_runs_per_week integer,
    load_walk_run_stage integer,
    load_rest_days integer[],
    sealed_words blob,
    entered_by varchar not null,
    entered_at timestamp,
    unique (episode_id, version)
);

create table program_item (
    program_id varchar not null,
    line integer not null,
    exercise varchar not null,
    side varchar not null check (side in ('left', 'right', 'both')),
    sets integer,
    reps integer,
    hold_s double,
    minutes double,
    days_per_week integer not null,
    load_kg double,
    days integer[] not null,
    pain_limit integer not null,
    rules varchar[] not null,
    primary key (program_id, line)
);

create table program_tape (
    program_id varchar primary key,
    side varchar not null,
    components varchar[] not null,
    started_on date not null,
    stop_on date not null,
    retest_before integer,
    retest_after integer
);

create table program_device (
    program_id varchar not null,
    line integer not null,
    device varchar not null,
    side varchar not null,
    started_on date not null,
    stop_on date not null,
    primary key (program_id, line)
);

create table program_answer (
    program_id varchar not null,
    line integer not null,
    rule varchar not null,
    items varchar[] not null,
    answer varchar not null,
    primary key (program_id, line)
);

create table check_in (
    id varchar primary key,
    episode_id varchar not null,
    patient_id varchar not null,
    week_start date not null,
    source varchar not null,
    sessions_done integer,
    sessions_prescribed integer,
    pain_usual integer,
    pain_worst integer,
    pain_next_morning integer,
    tape_days integer,
    km double,
    sealed_words blob,
    program_id varchar not null,
    place bigint not null,
    entered_by varchar not null,
    entered_at timestamp,
    invalidated_at timestamp
);

create table check_in_day (
    check_in_id varchar not null,
    day_on date not null,
    done varchar[] not null,
    pain_usual integer,
    pain_worst integer,
    pain_next_morning integer,
    tape_worn boolean,
    km double,
    primary key (check_in_id, day_on)
);

-- `started` is local clinic time, as on the runner's watch.
create table run (
    id varchar primary key,
    patient_id varchar not null,
    episode_id varchar not null,
    started timestamp not null,
    km double not null,
    minutes double,
    cadence_spm double,
    climb_m double,
    descent_m double,
    pain_during integer,
    pain_next_morning integer,
    settled_within_60_min boolean,
    source varchar not null,
    file_hash varchar not null,
    sealed_words blob,
    entered_by varchar not null,
    entered_at timestamp,
    invalidated_at timestamp
);

create table run_file (
    sha256 varchar primary key,
    patient_id varchar not null,
    sealed_name blob,
    sealed_bytes blob not null,
    stored_at timestamp not null
);

create table planned_visit (
    id varchar primary key,
    episode_id varchar not null,
    patient_id varchar not null,
    planned_on date not null,
    planned_at varchar not null,
    therapist varchar not null,
    kind varchar not null,
    state varchar not null,
    sealed_words blob,
    entered_by varchar not null,
    entered_at timestamp
);

create table review (
    id varchar primary key,
    episode_id varchar not null,
    patient_id varchar not null,
    week_start date not null,
    suggested_rule varchar not null,
    suggested varchar not null,
    decision varchar not null,
    sealed_words blob,
    clinician varchar not null,
    edition varchar not null,
    program_id varchar not null,
    place bigint not null,
    decided_at timestamp,
    undone_at timestamp
);

create table snooze (
    id varchar primary key,
    episode_id varchar not null,
    alert varchar not null,
    until_on date not null,
    sealed_words blob,
    snoozed_by varchar not null,
    place bigint not null,
    snoozed_at timestamp
);

create table document (
    id varchar primary key,
    kind varchar not null,
    episode_id varchar not null,
    patient_id varchar not null,
    program_id varchar not null,
    language varchar not null,
    layout varchar not null,
    paper varchar not null,
    sha256 varchar not null,
    sealed_file_name blob,
    sealed_bytes blob not null,
    issued_by varchar not null,
    issued_at timestamp not null
);

create table draft (
    kind varchar not null,
    owner varchar not null,
    subject_id varchar not null,
    revision integer not null check (revision >= 1),
    sealed_payload blob not null,
    saved_at timestamp not null,
    primary key (kind, owner, subject_id)
);

create table audit (
    seq bigint primary key,
    happened_at timestamp not null,
    account_id varchar not null,
    role varchar not null,
    origin varchar not null,
    action varchar not null,
    entity varchar not null,
    entity_id varchar not null,
    patient_id varchar not null,
    sealed_detail blob,
    link blob not null
);

create table backup (
    id varchar primary key,
    made_at timestamp not null,
    made_by varchar not null,
    reason varchar not null,
    path varchar not null,
    size_bytes bigint not null,
    checked_at timestamp,
    drilled_at timestamp
);
