
PRAGMA page_size=4096;

BEGIN TRANSACTION;

DROP TABLE IF EXISTS audit;
CREATE TABLE audit (
        line INTEGER PRIMARY KEY, t INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
        seal TEXT NOT NULL) STRICT;
INSERT INTO audit VALUES(1,5,'Wu','made','330fe91ada5ef388a05e2633b286f81a609409564540e84da6471f89632d66e4');
CREATE TRIGGER audit_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;

DROP TABLE IF EXISTS campaigns;
CREATE TABLE campaigns (
        name TEXT PRIMARY KEY, switch TEXT NOT NULL, since INTEGER NOT NULL, who TEXT NOT NULL) STRICT;
INSERT INTO campaigns VALUES('autumn','running',0,'');

DROP TABLE IF EXISTS codes;
CREATE TABLE codes (
        place INTEGER PRIMARY KEY AUTOINCREMENT, campaign TEXT NOT NULL, incentive TEXT NOT NULL, code TEXT NOT NULL, customer INTEGER,
        UNIQUE (code, campaign)) STRICT;
CREATE INDEX codes_left ON codes (campaign, incentive, place) WHERE customer IS NULL;

DROP TABLE IF EXISTS consents;
CREATE TABLE consents (
        place INTEGER PRIMARY KEY AUTOINCREMENT, customer INTEGER NOT NULL, channel TEXT NOT NULL, allowed INTEGER NOT NULL, t INTEGER NOT NULL,
        source TEXT NOT NULL) STRICT;
CREATE INDEX consents_person ON consents (customer);

DROP TABLE IF EXISTS customers;
CREATE TABLE customers (
        customer INTEGER PRIMARY KEY, sealed_id BLOB NOT NULL, sealed_addresses BLOB NOT NULL,
        lookup TEXT NOT NULL) STRICT;
CREATE INDEX customers_lookup ON customers (lookup);

DROP TABLE IF EXISTS enrolments;
CREATE TABLE enrolments (
        campaign TEXT NOT NULL, customer INTEGER NOT NULL, occurrence INTEGER NOT NULL, version TEXT NOT NULL,
        journey TEXT NOT NULL, held_out INTEGER NOT NULL, status TEXT NOT NULL, due INTEGER, lapse INTEGER,
        state TEXT NOT NULL, PRIMARY KEY (campaign, customer, occurrence)) STRICT;
INSERT INTO enrolments VALUES('autumn',-9223372036854775807,0,'v1','short',0,'planned',5,NULL,'{"a":1}');
CREATE INDEX enrolments_due ON enrolments (campaign, due, customer) WHERE due IS NOT NULL;
CREATE INDEX enrolments_lapse ON enrolments (campaign, lapse, customer) WHERE lapse IS NOT NULL;
CREATE INDEX enrolments_status ON enrolments (campaign, status, customer);

DROP TABLE IF EXISTS entries;
CREATE TABLE entries (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, campaign TEXT NOT NULL, customer INTEGER NOT NULL, t INTEGER NOT NULL, kind TEXT NOT NULL,
        journey TEXT NOT NULL, step TEXT NOT NULL, message TEXT NOT NULL, channel TEXT NOT NULL,
        incentive TEXT NOT NULL, reason TEXT NOT NULL, arm TEXT NOT NULL, amount INTEGER NOT NULL,
        subsidised INTEGER NOT NULL) STRICT;
CREATE INDEX entries_person ON entries (campaign, customer);

DROP TABLE IF EXISTS events;
CREATE TABLE events (source TEXT NOT NULL, event_id TEXT NOT NULL, PRIMARY KEY (source, event_id)) STRICT;

DROP TABLE IF EXISTS forgotten;
CREATE TABLE forgotten (mark TEXT PRIMARY KEY) STRICT;

DROP TABLE IF EXISTS inbox;
CREATE TABLE inbox (
        place INTEGER PRIMARY KEY AUTOINCREMENT, campaign TEXT NOT NULL, t INTEGER NOT NULL, customer INTEGER NOT NULL, known INTEGER NOT NULL,
        taken INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX inbox_waiting ON inbox (campaign, t, customer, place) WHERE taken = 0;

DROP TABLE IF EXISTS leases;
CREATE TABLE leases (
        epoch INTEGER PRIMARY KEY AUTOINCREMENT, holder TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL) STRICT;

DROP TABLE IF EXISTS meta;
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
INSERT INTO meta VALUES('form','1');
INSERT INTO meta VALUES('key','8c0650eb48ceba6829cba50b916104dc');
INSERT INTO meta VALUES('audit','1 330fe91ada5ef388a05e2633b286f81a609409564540e84da6471f89632d66e4');

DROP TABLE IF EXISTS sends;
CREATE TABLE sends (
        ref TEXT PRIMARY KEY, campaign TEXT NOT NULL, customer INTEGER NOT NULL, occurrence INTEGER NOT NULL,
        journey TEXT NOT NULL, step TEXT NOT NULL, nth INTEGER NOT NULL, message TEXT NOT NULL,
        channel TEXT NOT NULL, variant INTEGER NOT NULL, decided INTEGER NOT NULL, deadline INTEGER NOT NULL,
        state TEXT NOT NULL, live INTEGER NOT NULL, attempt INTEGER NOT NULL, not_before INTEGER NOT NULL,
        first_attempt INTEGER NOT NULL, lease INTEGER NOT NULL, epoch INTEGER NOT NULL, fingerprint TEXT NOT NULL,
        payload BLOB NOT NULL, provider_id TEXT NOT NULL, evidence TEXT NOT NULL, settled INTEGER NOT NULL,
        claim TEXT NOT NULL) STRICT;
INSERT INTO sends VALUES('096df7b06cb15e3b34d163fdd1708486','autumn',-9223372036854775807,0,'short','s1',0,'nudge','sms',-1,100,900,'ready',1,0,0,0,0,0,'',X'0001','','',0,'{}');
CREATE INDEX sends_count ON sends (campaign, channel, state);
CREATE INDEX sends_due ON sends (campaign, not_before, decided, customer)
        WHERE state IN ('ready', 'inflight', 'doubt');
CREATE INDEX sends_live ON sends (campaign, state, first_attempt, decided, customer) WHERE live = 1;

DROP TABLE IF EXISTS shared;
CREATE TABLE shared (campaign TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT;

DROP TABLE IF EXISTS versions;
CREATE TABLE versions (
        place INTEGER PRIMARY KEY AUTOINCREMENT, campaign TEXT NOT NULL, version TEXT NOT NULL, plan TEXT NOT NULL, since INTEGER NOT NULL,
        approved TEXT NOT NULL, UNIQUE (campaign, version)) STRICT;

COMMIT TRANSACTION;
