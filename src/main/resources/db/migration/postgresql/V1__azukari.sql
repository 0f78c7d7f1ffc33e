-- What was posted or emitted: written once, so that the cost of a large body is paid only once.
CREATE TABLE event (
    id                uuid                     NOT NULL PRIMARY KEY,
    code              varchar(64)              NOT NULL,
    request_id        varchar(200),
    fingerprint       varchar(64),
    submitter         varchar(200)             NOT NULL,
    priority          integer                  NOT NULL,
    max_attempts      integer                  NOT NULL,
    -- Null if it is large: then it is in large_body, and whatever reads events by the hundred does not read it.
    body              varchar,
    body_size         integer                  NOT NULL,
    extensions        varchar,
    parent            uuid,
    parent_generation integer,
    parent_ordinal    integer,
    root              uuid                     NOT NULL,
    created_at        timestamp with time zone NOT NULL,
    not_before        timestamp with time zone,

    CONSTRAINT job_request_once      UNIQUE (request_id),
    CONSTRAINT job_body_is_somewhere CHECK (body IS NOT NULL OR body_size > 8192),
    CONSTRAINT job_priority_range    CHECK (priority BETWEEN 0 AND 9),
    CONSTRAINT job_emission_is_whole CHECK ((parent IS NULL) = (parent_ordinal IS NULL)
                                            AND (parent IS NULL) = (parent_generation IS NULL))
);

CREATE INDEX job_by_code ON event (code, id);
CREATE INDEX job_by_submitter ON event (submitter, id);
CREATE INDEX job_by_root ON event (root, id);
-- A job that was not emitted needs no entry.
CREATE UNIQUE INDEX job_emitted_once ON event (parent, parent_generation, parent_ordinal) WHERE parent IS NOT NULL;

-- The bodies of more than 8192 characters.
CREATE TABLE large_body (
    event uuid    NOT NULL PRIMARY KEY,
    body  varchar NOT NULL
);

-- What changes while a job lives: one narrow row per job, with few indexes, since each change of state rewrites it.
-- `first` means that the job was posted, so that its end may be the end of a chain.
CREATE TABLE job_state (
    job              uuid                     NOT NULL PRIMARY KEY,
    lane             varchar(16)              NOT NULL,
    -- Whether it has rows in permit, so that the others need not look.
    limited          boolean                  NOT NULL DEFAULT FALSE,
    first            boolean                  NOT NULL,
    state            varchar(16)              NOT NULL,
    waiting_for      varchar(16),
    due_at           timestamp with time zone,
    queued_at        timestamp with time zone,
    expires_at       timestamp with time zone NOT NULL,
    fence            bigint                   NOT NULL,
    run              integer                  NOT NULL DEFAULT 0,
    attempt          integer                  NOT NULL DEFAULT 0,
    generation       integer                  NOT NULL DEFAULT 0,
    doubtful         boolean                  NOT NULL DEFAULT FALSE,
    -- Rule 7: how many consecutive process deaths interrupted the job's runs, and how many of them count against it.
    interrupted      integer                  NOT NULL DEFAULT 0,
    deaths           integer                  NOT NULL DEFAULT 0,
    -- Its end was requested while it ran, or while its effect was in doubt.
    cancelling       boolean                  NOT NULL DEFAULT FALSE,
    owner            uuid,
    node             varchar(200),
    started_at       timestamp with time zone,
    finished_at      timestamp with time zone,
    progress_percent integer,
    progress_message varchar(500),
    -- The length of the result in job_result, in characters; null without one.
    result_size      integer,
    error_kind       varchar(16),
    error_message    varchar(2000),
    -- Of a job that has children: how many, and how many of them were counted as ended; what is in ended_child is not yet.
    children           integer,
    children_succeeded integer,
    children_failed    integer
);

CREATE INDEX job_by_state ON job_state (state, job);
-- Partial: they contain only the rows that they serve, whatever the backlog.
CREATE INDEX job_by_due ON job_state (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX job_by_expiry ON job_state (expires_at) WHERE state = 'QUEUED';
-- For retention. An UNCERTAIN job waits for a person and is kept.
CREATE INDEX job_by_end ON job_state (finished_at) WHERE finished_at IS NOT NULL AND first AND state <> 'UNCERTAIN';

-- PostgreSQL parses a table's CHECK constraints again for each statement that changes a row; with fourteen of them,
-- that was more than half of the cost of a claim. One constraint that calls a function costs a tenth of that
-- (ADR 0019).
CREATE FUNCTION job_state_is_sound(
        state varchar, waiting_for varchar, due_at timestamptz, owner uuid, finished_at timestamptz, error_kind varchar,
        fence bigint, run integer, attempt integer, generation integer, interrupted integer, deaths integer,
        cancelling boolean, children integer, children_succeeded integer, children_failed integer) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    broken text := CASE
        WHEN state NOT IN ('WAITING', 'QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'UNCERTAIN')
            THEN 'job_state_known'
        WHEN (state = 'WAITING') <> (waiting_for IS NOT NULL) THEN 'job_waiting_says_why'
        WHEN due_at IS NOT NULL AND state <> 'WAITING' THEN 'job_due_is_waiting'
        WHEN waiting_for IN ('TIME', 'BACKOFF') AND due_at IS NULL THEN 'job_time_has_due'
        WHEN (state = 'RUNNING') <> (owner IS NOT NULL) THEN 'job_running_is_owned'
        WHEN (state IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'UNCERTAIN')) <> (finished_at IS NOT NULL)
            THEN 'job_ended_has_time'
        WHEN state IN ('FAILED', 'UNCERTAIN') AND error_kind IS NULL THEN 'job_failed_says_why'
        WHEN state = 'SUCCEEDED' AND error_kind IS NOT NULL THEN 'job_success_is_clean'
        WHEN state IN ('QUEUED', 'RUNNING') AND fence <= 0 THEN 'job_queued_is_fenced'
        WHEN attempt < 0 OR run < attempt OR fence < run OR generation < 0 THEN 'job_counts'
        WHEN deaths < 0 OR interrupted < deaths THEN 'job_deaths_interrupt'
        WHEN cancelling AND state NOT IN ('WAITING', 'QUEUED', 'RUNNING') THEN 'job_cancelling_goes_on'
        WHEN (waiting_for = 'CHILDREN' AND children IS NULL) OR children_succeeded < 0 OR children_failed < 0
             OR children_succeeded + children_failed > children THEN 'job_children_add_up'
    END;
BEGIN
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'row of job_state violates check constraint "%"', broken
            USING ERRCODE = 'check_violation', TABLE = 'job_state', CONSTRAINT = broken;
    END IF;
    RETURN TRUE;
END
$$;

ALTER TABLE job_state ADD CONSTRAINT job_state_is_sound CHECK (job_state_is_sound(
    state, waiting_for, due_at, owner, finished_at, error_kind, fence, run, attempt, generation, interrupted, deaths,
    cancelling, children, children_succeeded, children_failed));

-- Both tables joined, for people: a job as GET /api/jobs shows it, without body and result.
CREATE VIEW job AS
SELECT e.id, e.code, e.request_id, e.submitter, e.priority, s.lane, s.state, s.waiting_for, s.due_at, s.queued_at, s.fence, s.run,
       s.attempt, e.max_attempts, s.generation, s.doubtful, s.interrupted, s.deaths, s.cancelling, s.owner, s.node,
       s.progress_percent, s.progress_message, s.error_kind, s.error_message, e.parent, e.parent_generation,
       e.parent_ordinal, e.root, e.extensions, e.created_at, e.not_before, s.started_at, s.finished_at, s.expires_at
  FROM event e JOIN job_state s ON s.job = e.id;

-- The result of a job that succeeded with one, as JSON text.
CREATE TABLE job_result (
    job    uuid    NOT NULL PRIMARY KEY,
    result varchar NOT NULL
);

-- The ledger: one row for each run that ended other than by success. A run that succeeded is its job's last, and the
-- job's row contains everything about it (ADR 0020), as it does about the run in progress.
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
    CONSTRAINT run_outcome_known
        CHECK (outcome IN ('FAILED', 'CANCELLED', 'UNCERTAIN', 'RETRY', 'SNOOZED', 'INTERRUPTED', 'NOT_BEGUN', 'FANNED_OUT'))
);

-- Children that have ended and are not counted with their parent yet: the counters of a large batch would otherwise be one row
-- that every end has to wait for.
CREATE TABLE ended_child (
    parent    uuid    NOT NULL,
    job       uuid    NOT NULL,
    succeeded boolean NOT NULL,

    PRIMARY KEY (parent, job)
);

-- The channels: what channels.yaml declared when a node started last, and what holds now, which operators may change.
CREATE TABLE channel (
    name                 varchar(64) NOT NULL PRIMARY KEY,
    declared_rate        varchar(16),
    declared_concurrency integer,
    rate                 varchar(16),
    concurrency          integer,
    -- For HTTP targets without a concurrency: how many calls each node makes at a time.
    per_node             integer,
    paused               boolean     NOT NULL DEFAULT FALSE
);

-- What jobs share: a channel, a channel's share for one key, or a lock key (those have no channel). The row is locked by
-- whoever gives permits or slots away; its id is made from its name, so that it is known without being looked up.
CREATE TABLE capacity (
    id             uuid                     NOT NULL PRIMARY KEY,
    channel        varchar(64),
    key_value      varchar(200),
    -- The earliest beginning of the next call; null: at once.
    next_slot      timestamp with time zone,
    -- How far ahead of their slots jobs are put on the wire, so that they arrive in time; null: by the rate.
    ahead_micros   bigint,
    -- The outside asked not to be called before then, or slower: by how much, and since when.
    closed_until   timestamp with time zone,
    learned_micros bigint,
    learned_at     timestamp with time zone,
    -- The calls that were given slots: in the ten seconds from then on, and in the ten before.
    counted_since  timestamp with time zone,
    calls          integer                  DEFAULT 0 NOT NULL,
    calls_before   integer                  DEFAULT 0 NOT NULL,
    -- Whose job had the last turn.
    turn           varchar(200),
    -- When to look again; null: when something changes.
    wake_at        timestamp with time zone,
    touched_at     timestamp with time zone NOT NULL
);

CREATE INDEX capacity_by_wake ON capacity (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX capacity_by_channel ON capacity (channel, id);
-- For what the outside asked for; it is forgotten when it is over.
CREATE INDEX capacity_by_closing ON capacity (channel, closed_until) WHERE closed_until IS NOT NULL;

-- One row for each capacity that a limited job needs, until it has ended. Phases: 0 not its turn yet, 1 waits here,
-- 2 holds it. What is held is counted, and no counter can differ from it.
CREATE TABLE permit (
    job       uuid         NOT NULL,
    capacity  uuid         NOT NULL,
    phase     smallint     NOT NULL,
    -- 9 - priority; in a lock's row 0, and no submitter: there, the order is that of acceptance.
    rank      smallint     NOT NULL,
    submitter varchar(200) NOT NULL,
    -- A lock: it is held until the job has ended, whatever it waits for meanwhile.
    kept      boolean      NOT NULL,

    PRIMARY KEY (job, capacity)
);

CREATE INDEX permit_by_turn ON permit (phase, capacity, rank, submitter, job);
-- Whoever looks for the first in a queue goes past those that have left it since the table was vacuumed last. By default,
-- those are a fifth of the rows, which may be a million.
ALTER TABLE permit SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- What is to be put on the wire: the job's fence must still be this one when its message arrives.
CREATE TABLE outbox (
    id         uuid                     NOT NULL PRIMARY KEY,
    job        uuid                     NOT NULL,
    fence      bigint                   NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE INDEX outbox_by_age ON outbox (created_at);

-- The nodes of the cluster, by name. Heartbeats are counted, never timed: different machines' clocks are not compared.
CREATE TABLE node (
    name        varchar(200) NOT NULL PRIMARY KEY,
    instance    uuid         NOT NULL,
    incarnation uuid         NOT NULL,
    beat        bigint       NOT NULL,
    signed_off  boolean      NOT NULL,
    -- A node that is stopping may be killed: what that interrupts is nobody's fault.
    draining    boolean      NOT NULL DEFAULT FALSE,
    -- The broker that it saw last, and in which round.
    broker      uuid,
    round       bigint       NOT NULL DEFAULT 0
);

-- What a node was running when it was presumed dead, and which job that counted against: a node that was only frozen
-- returns and withdraws it all.
CREATE TABLE presumed_death (
    node   varchar(200) NOT NULL,
    job    uuid         NOT NULL,
    blamed boolean      NOT NULL,

    PRIMARY KEY (node, job)
);

-- The notifications for submitters. A row gets its place in the feed after its commit, under the feed's lock: a
-- follower that reads in that order misses nothing.
CREATE TABLE notification (
    id         uuid                     NOT NULL PRIMARY KEY,
    place      bigint,
    teller     uuid                     NOT NULL,
    generation integer                  NOT NULL,
    ordinal    integer                  NOT NULL,
    job        uuid                     NOT NULL,
    code       varchar(64)              NOT NULL,
    request_id varchar(200),
    submitter  varchar(200)             NOT NULL,
    outcome    varchar(16)              NOT NULL,
    result     varchar,
    error      varchar,
    created_at timestamp with time zone NOT NULL,

    CONSTRAINT notification_place_once UNIQUE (place),
    CONSTRAINT notification_told_once UNIQUE (teller, generation, ordinal)
);

CREATE INDEX notification_by_submitter ON notification (submitter, place);
CREATE INDEX notification_unplaced ON notification (id) WHERE place IS NULL;

CREATE TABLE feed (
    name       varchar(32) NOT NULL PRIMARY KEY,
    last_place bigint      NOT NULL
);

INSERT INTO feed (name, last_place) VALUES ('notification', 0);

-- The brokers that the nodes work with: the stamp that each carries must not be older than the one here.
CREATE TABLE broker (
    name  uuid   NOT NULL PRIMARY KEY,
    stamp bigint NOT NULL
);

-- One row: how often everything QUEUED had to be put on the wire again, and how far the current round is.
-- Jobs with an id up to done_to are done; last_job is the last one to do, null until it is known.
CREATE TABLE requeue (
    round    bigint  NOT NULL PRIMARY KEY,
    going_on boolean NOT NULL,
    done_to  uuid,
    last_job uuid
);

INSERT INTO requeue (round, going_on) VALUES (0, FALSE);

-- What the operator paused. The broker stops the lane; a broker that does not know of the pause gets it from here.
CREATE TABLE lane (
    name   varchar(16) NOT NULL PRIMARY KEY,
    paused boolean     NOT NULL
);

INSERT INTO lane (name, paused) VALUES ('default', FALSE), ('outside', FALSE), ('long', FALSE), ('notify', FALSE);
