-- Questions about the results of `mtls inspect --format jsonl`. `ask.py NAME part-*.jsonl` asks one of them; in the duckdb shell set the
-- files first (SET VARIABLE files = 'part-*.jsonl';) and paste the view, then a question.

-- The columns are named, since a sample may have no findings, no names, no tickets at all; a line that a killed run left torn is skipped.
CREATE OR REPLACE VIEW targets AS
SELECT * EXCLUDE (kind)
FROM read_ndjson(getvariable('files'), ignore_errors = true, filename = true, columns = {
  kind: 'VARCHAR', target: 'VARCHAR', asked_for: 'VARCHAR', ts: 'TIMESTAMPTZ', verdict: 'VARCHAR', reachable: 'BOOLEAN',
  address: 'VARCHAR', sni: 'VARCHAR', protocol: 'VARCHAR', cipher: 'VARCHAR', "group": 'VARCHAR', post_quantum: 'BOOLEAN', alpn: 'VARCHAR',
  server_chain: 'STRUCT(subject VARCHAR, issuer VARCHAR, serial VARCHAR, not_before TIMESTAMPTZ, not_after TIMESTAMPTZ, sans VARCHAR[], is_ca BOOLEAN, key STRUCT(algorithm VARCHAR, curve VARCHAR, bits INTEGER), signature_algorithm VARCHAR, sha256 VARCHAR, spki_sha256 VARCHAR)[]',
  trust: 'STRUCT("role" VARCHAR, purpose VARCHAR, status VARCHAR, reasons VARCHAR[], path VARCHAR[], anchor VARCHAR)[]',
  not_after: 'TIMESTAMPTZ', client_auth: 'VARCHAR', client_auth_why: 'VARCHAR', accepted_ca_names: 'VARCHAR[]', signature_algorithms: 'VARCHAR[]',
  staple: 'STRUCT(status VARCHAR, next_update TIMESTAMPTZ, problem VARCHAR)',
  resumption: 'STRUCT(tickets INTEGER, resumed BOOLEAN)',
  http: 'STRUCT(status INTEGER, version VARCHAR)',
  readiness: 'STRUCT(profile VARCHAR, title VARCHAR, outlook VARCHAR, works_today BOOLEAN, breaks_on DATE, sentence VARCHAR)[]',
  timings_ms: 'STRUCT(dns DOUBLE, tcp DOUBLE, tls DOUBLE, http DOUBLE, total DOUBLE)',
  ending: 'STRUCT(kind VARCHAR, alert STRUCT(code INTEGER, name VARCHAR), sent_by VARCHAR, phase VARCHAR, detail VARCHAR)',
  findings: 'STRUCT(code VARCHAR, name VARCHAR, severity VARCHAR, message VARCHAR)[]'
})
WHERE kind = 'target';

-- name: attention
-- What needs attention, the worst first.
SELECT target, verdict, f.code, f.name, f.message
FROM targets, unnest(findings) AS u(f)
WHERE f.severity <> 'note'
ORDER BY verdict, f.code, target;

-- name: ends_soon
-- Which certificate of any chain ends within 30 days: intermediates end too.
SELECT target, c.subject, c.not_after, date_diff('day', now(), c.not_after) AS days
FROM targets, unnest(server_chain) AS u(c)
WHERE c.not_after < now() + INTERVAL 30 DAY
ORDER BY c.not_after, target;

-- name: no_mtls
-- Who does not require a client certificate, and how that is known.
SELECT target, client_auth, client_auth_why
FROM targets
WHERE client_auth <> 'required'
ORDER BY client_auth, target;

-- name: breaks
-- Who stops accepting its sender on an announced day, and who does already not, though it names one of its CAs.
SELECT target, r.profile, r.outlook, r.breaks_on, r.sentence
FROM targets, unnest(readiness) AS u(r)
WHERE r.outlook IN ('breaks', 'broken')
ORDER BY r.breaks_on NULLS LAST, target;

-- name: untrusted
-- Whose chain is not trusted, and the rules that say why.
SELECT target, t.status, t.reasons
FROM targets, unnest(trust) AS u(t)
WHERE t.status <> 'trusted'
ORDER BY target;

-- name: issuers
-- Which authorities issued the leaves.
SELECT server_chain[1].issuer AS issuer, count(*) AS targets, min(server_chain[1].not_after) AS first_end
FROM targets
WHERE len(server_chain) > 0
GROUP BY ALL
ORDER BY targets DESC, issuer;

-- name: findings
-- How often each rule hit.
SELECT f.code, f.name, f.severity, count(*) AS hits, count(DISTINCT target) AS targets
FROM targets, unnest(findings) AS u(f)
GROUP BY ALL
ORDER BY hits DESC, f.code;

-- name: slow
-- The slowest handshakes; the figures in the lines count from the beginning, here each phase is on its own.
SELECT target, round(timings_ms.dns, 1) AS name_ms, round(timings_ms.tcp - timings_ms.dns, 1) AS tcp_ms,
  round(timings_ms.tls - timings_ms.tcp, 1) AS tls_ms, round(timings_ms.http - timings_ms.tls, 1) AS answer_ms
FROM targets
WHERE timings_ms.tls IS NOT NULL
ORDER BY tls_ms DESC, target
LIMIT 20;

-- name: endings
-- How connections ended, and in which phase.
SELECT ending.kind, ending.phase, ending.alert.name AS alert, ending.sent_by, count(*) AS targets
FROM targets
GROUP BY ALL
ORDER BY targets DESC, ending.kind;

-- name: named_cas
-- Which CAs servers name in their request for a certificate.
SELECT ca, count(*) AS targets
FROM targets, unnest(accepted_ca_names) AS u(ca)
GROUP BY ALL
ORDER BY targets DESC, ca;

-- name: post_quantum
-- Which key exchange was agreed on.
SELECT protocol, "group", post_quantum, count(*) AS targets
FROM targets
GROUP BY ALL
ORDER BY targets DESC, "group";

-- name: twice
-- Targets in more than one line: none, when the parts are of one run.
SELECT target, asked_for, count(*) AS lines, list(DISTINCT filename) AS files
FROM targets
GROUP BY ALL
HAVING count(*) > 1
ORDER BY target;

-- name: shards
-- The part of four that a target belongs to, as --shard m/4 has it.
SELECT target, (('0x' || substr(sha256(target), 1, 16))::UBIGINT % 4 + 1)::INTEGER AS part, filename
FROM targets
ORDER BY part, target;

-- name: parquet
-- All of it in one file for other engines.
COPY (SELECT * FROM targets) TO 'fleet.parquet' (FORMAT parquet);
