-- The truth: jobs, their ledger of runs, the outbox, the nodes, the notifications.
-- One text for H2 (MODE=PostgreSQL) and PostgreSQL; indexes that differ are in the databases' own folders.

CREATE TABLE job (
    id                uuid                     NOT NULL PRIMARY KEY,
    code              varchar(64)              NOT NULL,
    request_id        varchar(200),
    fingerprint       varchar(64),
    submitter         varchar(200)             NOT NULL,
    priority          integer                  NOT NULL,
    body              varchar                  NOT NULL,
    lane              varchar(16)              NOT NULL,
    state             varchar(16)              NOT NULL,
    waiting_for       varchar(16),
    due_at            timestamp with time zone,
    fence             bigint                   NOT NULL,
    run               integer                  NOT NULL,
    attempt           integer                  NOT NULL,
    max_attempts      integer                  NOT NULL,
    generation        integer                  NOT NULL,
    doubtful          boolean                  NOT NULL,
    owner             uuid,
    node              varchar(200),
    progress_percent  integer,
    progress_message  varchar(500),
    result            varchar,
    error_kind        varchar(16),
    error_message     varchar(2000),
    parent            uuid,
    parent_generation integer,
    parent_ordinal    integer,
    root              uuid                     NOT NULL,
    created_at        timestamp with time zone NOT NULL,
    not_before        timestamp with time zone,
    started_at        timestamp with time zone,
    finished_at       timestamp with time zone,
    expires_at        timestamp with time zone NOT NULL,

    CONSTRAINT job_request_once      UNIQUE (request_id),
    CONSTRAINT job_emitted_once      UNIQUE (parent, parent_generation, parent_ordinal),
    CONSTRAINT job_state_known       CHECK (state IN ('WAITING', 'QUEUED', 'RUNNING',
                                                      'SUCCEEDED', 'FAILED', 'CANCELLED', 'UNCERTAIN')),
    CONSTRAINT job_waiting_says_why  CHECK ((state = 'WAITING') = (waiting_for IS NOT NULL)),
    CONSTRAINT job_due_is_waiting    CHECK (due_at IS NULL OR state = 'WAITING'),
    CONSTRAINT job_time_has_due      CHECK (waiting_for IS NULL OR waiting_for NOT IN ('TIME', 'BACKOFF')
                                            OR due_at IS NOT NULL),
    CONSTRAINT job_running_is_owned  CHECK ((state = 'RUNNING') = (owner IS NOT NULL)),
    CONSTRAINT job_ended_has_time    CHECK ((state IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'UNCERTAIN'))
                                            = (finished_at IS NOT NULL)),
    CONSTRAINT job_failed_says_why   CHECK (state NOT IN ('FAILED', 'UNCERTAIN') OR error_kind IS NOT NULL),
    CONSTRAINT job_success_is_clean  CHECK (state <> 'SUCCEEDED' OR error_kind IS NULL),
    CONSTRAINT job_queued_is_fenced  CHECK (state NOT IN ('QUEUED', 'RUNNING') OR fence > 0),
    CONSTRAINT job_counts            CHECK (attempt >= 0 AND run >= attempt AND fence >= run AND generation >= 0),
    CONSTRAINT job_priority_range    CHECK (priority BETWEEN 0 AND 9),
    CONSTRAINT job_emission_is_whole CHECK ((parent IS NULL) = (parent_ordinal IS NULL)
                                            AND (parent IS NULL) = (parent_generation IS NULL))
);

CREATE INDEX job_by_state ON job (state, id);
CREATE INDEX job_by_code ON job (code, id);
CREATE INDEX job_by_submitter ON job (submitter, id);
CREATE INDEX job_by_root ON job (root, id);

-- The ledger: one row for each run that has ended. The run that is going on stands in the job's row.
CREATE TABLE run (
    job           uuid                     NOT NULL,
    number        integer                  NOT NULL,
    attempt       integer                  NOT NULL,
    counts        boolean                  NOT NULL,
    node          varchar(200)             NOT NULL,
    started_at    timestamp with time zone NOT NULL,
    ended_at      timestamp with time zone NOT NULL,
    outcome       varchar(16)              NOT NULL,
    error_kind    varchar(16),
    error_message varchar(2000),

    PRIMARY KEY (job, number),
    CONSTRAINT run_of_a_job FOREIGN KEY (job) REFERENCES job (id) ON DELETE CASCADE,
    CONSTRAINT run_outcome_known CHECK (outcome IN ('SUCCEEDED', 'FAILED', 'UNCERTAIN', 'RETRY', 'SNOOZED', 'INTERRUPTED'))
);

-- What is to be put on the wire: the job's fence must still be this one when its message arrives.
CREATE TABLE outbox (
    id         uuid                     NOT NULL PRIMARY KEY,
    job        uuid                     NOT NULL,
    fence      bigint                   NOT NULL,
    created_at timestamp with time zone NOT NULL
);

-- The nodes of the cluster, by name. Beats are counted, never timed: clocks of different machines are not compared.
CREATE TABLE node (
    name        varchar(200) NOT NULL PRIMARY KEY,
    instance    uuid         NOT NULL,
    incarnation uuid         NOT NULL,
    beat        bigint       NOT NULL,
    signed_off  boolean      NOT NULL
);

-- What submitters are told. A row gets its place in the feed after its commit, under the feed's lock: a follower that
-- reads in that order misses nothing.
CREATE TABLE notification (
    id            uuid                     NOT NULL PRIMARY KEY,
    place         bigint,
    teller        uuid                     NOT NULL,
    generation    integer                  NOT NULL,
    ordinal       integer                  NOT NULL,
    job           uuid                     NOT NULL,
    code          varchar(64)              NOT NULL,
    request_id    varchar(200),
    submitter     varchar(200)             NOT NULL,
    outcome       varchar(16)              NOT NULL,
    result        varchar,
    error         varchar,
    created_at    timestamp with time zone NOT NULL,

    CONSTRAINT notification_place_once UNIQUE (place),
    CONSTRAINT notification_told_once UNIQUE (teller, generation, ordinal)
);

CREATE INDEX notification_by_submitter ON notification (submitter, place);

CREATE TABLE feed (
    name       varchar(32) NOT NULL PRIMARY KEY,
    last_place bigint      NOT NULL
);

INSERT INTO feed (name, last_place) VALUES ('notification', 0);
