-- The brokers that the nodes work with: the mark that each carries must not be older than the one here.
CREATE TABLE broker (
    name  uuid   NOT NULL PRIMARY KEY,
    stamp bigint NOT NULL
);

-- Which broker a node saw last, and in which round.
ALTER TABLE node ADD COLUMN broker uuid;
ALTER TABLE node ADD COLUMN round bigint DEFAULT 0 NOT NULL;

-- How often everything QUEUED had to be put on the wire once more, and how far the present round is: one row.
-- Jobs with an id up to done_to are done; last_job is the last one to do, null before that is known.
CREATE TABLE requeue (
    round    bigint  NOT NULL PRIMARY KEY,
    going_on boolean NOT NULL,
    done_to  uuid,
    last_job uuid
);

INSERT INTO requeue (round, going_on) VALUES (0, FALSE);

-- What the operator paused. The broker stops the lane; from here a broker that does not know of it learns it.
CREATE TABLE lane (
    name   varchar(16) NOT NULL PRIMARY KEY,
    paused boolean     NOT NULL
);

INSERT INTO lane (name, paused) VALUES ('default', FALSE), ('outside', FALSE), ('long', FALSE), ('notify', FALSE);
