-- SPDX-License-Identifier: GPL-2.0-only
--
-- The trace database, schema version 3: the views of version 1 over one narrow table of all steps.
--
-- Tables may change from version to version; the views at the end are the interface that labs,
-- tests and people query (docs/trace-format.md).  Nothing in a view is a raw pointer, a wall
-- time of the host or a process id, so two runs of one scenario with one seed are equal in every
-- view, byte for byte.
--
-- Values.  One column holds a value in the type it has:
--   INTEGER  a number (signed types signed; unsigned 64-bit numbers above 2^63-1 as TEXT digits)
--   TEXT     a pointer, by the name of what it points at: 'tcp_sock#1', 'tcp_sock#1.sk_lock',
--            'sk_buff_head#2+20', a function's name, 'NULL'; 'stray' when it points nowhere known;
--            or the contents of a C string in double quotes
--   BLOB     bytes without a better type (arrays of char, struct copies that no field covers)
--   NULL     no value (a void function's return)

CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
-- keys: schema_version 3, synwalk_version, status ('recording', 'complete', 'partial'),
--       scenario, seed, clock ('virtual' or 'wall'), hz, steps, lost (events lost, with 'why_lost'),
--       core_object_count, and result ('0' or '-ECONNREFUSED' ...) when the runner tells it.

CREATE TABLE file (
	id INTEGER PRIMARY KEY,
	path TEXT NOT NULL UNIQUE,           -- core/net/ipv4/tcp_output.c
	kernel_path TEXT,                    -- net/ipv4/tcp_output.c, NULL if the file has no kernel twin
	text TEXT NOT NULL                   -- the source that was compiled
);
CREATE TABLE func (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	file INTEGER NOT NULL REFERENCES file(id),
	line INTEGER NOT NULL,               -- of the definition
	end_line INTEGER NOT NULL,
	type TEXT NOT NULL,                  -- return type as C spells it
	signature TEXT NOT NULL              -- int tcp_v4_connect(struct sock *sk, ...)
);
CREATE TABLE type (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,                  -- tcp_sock (without 'struct')
	size INTEGER NOT NULL
);
CREATE TABLE field (                         -- the leaves of a type, bit-fields too
	id INTEGER PRIMARY KEY,
	type INTEGER NOT NULL REFERENCES type(id),
	name TEXT NOT NULL,                  -- as the source says it: sk_state, rx_opt.mss_clamp
	path TEXT NOT NULL,                  -- in full: inet_conn.icsk_inet.sk.__sk_common.skc_state
	ctype TEXT NOT NULL,                 -- u32, struct sock *, ...
	enum INTEGER,                        -- enumeration.id when the field is an enum or flagged
	offset INTEGER NOT NULL,             -- bytes from the start of the object
	size INTEGER NOT NULL,               -- bytes
	bit_offset INTEGER,                  -- bits from the lowest bit at offset, NULL if no bit-field
	bit_size INTEGER
);
CREATE TABLE enumeration (id INTEGER NOT NULL, name TEXT, value INTEGER NOT NULL, symbol TEXT NOT NULL);
CREATE TABLE variable (                      -- parameters and locals of functions
	id INTEGER PRIMARY KEY,
	func INTEGER NOT NULL REFERENCES func(id),
	name TEXT NOT NULL,
	ctype TEXT NOT NULL,
	parameter INTEGER NOT NULL,          -- position from 0, -1 for a local
	line INTEGER NOT NULL                -- of its declaration
);
CREATE TABLE object (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,                  -- tcp_sock#1; a global by its own name: tcp_hashinfo
	type INTEGER REFERENCES type(id),    -- NULL: bytes without a type
	kind TEXT NOT NULL,                  -- 'heap', 'global', 'stack' (a local whose address is used)
	size INTEGER NOT NULL,
	born INTEGER NOT NULL,               -- step; 0: before the recording
	died INTEGER                         -- step, NULL: still there at the end
);
CREATE TABLE initial (                       -- what an object held when it was born, zeros left out
	object INTEGER NOT NULL REFERENCES object(id),
	field INTEGER NOT NULL,              -- field.id; 0: none
	offset INTEGER NOT NULL,
	value,
	PRIMARY KEY (object, offset, field)
) WITHOUT ROWID;
CREATE TABLE task (id INTEGER PRIMARY KEY, name TEXT NOT NULL);   -- 0 is the idle task
CREATE TABLE kind (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO kind VALUES
	(1,'call'),(2,'return'),(3,'store'),(4,'branch'),(5,'line'),(6,'local'),
	(7,'packet'),(8,'drop'),(9,'timer'),(10,'sleep'),(11,'wake'),(12,'switch'),
	(13,'state'),(14,'alloc'),(15,'free'),(16,'context');
CREATE TABLE context (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO context VALUES (0,'task'),(1,'softirq'),(2,'timer'),(3,'idle'),(4,'irq'); -- the last: of a kernel

-- Steps count from 1 without gaps; each is a row of `log`, numbered by SQLite itself, which spares it a
-- search for the place. What a row does not say its enclosing call says (function; depth, one less) and
-- the last moment before it (time, task, context). None of the columns has a type: SQLite would only
-- look at it again.

CREATE TABLE moment (                        -- when it is, who runs and as what: from this step on
	step INTEGER PRIMARY KEY,
	time,                                -- ns since the recording began: virtual, or the wall's
	task, context                        -- task.id, context.id
);
CREATE TABLE log (
	step INTEGER PRIMARY KEY,
	parent,                              -- step of the enclosing call; of a return: of its call
	at,                                  -- 32 * line + kind.id; the line in the file of that call's
	                                     -- function, of a call that of the function's definition
	what,                                -- call: func.id; local: variable.id; store: 2^24 * object.id
	                                     -- + spot.id
	old, new                             -- values; of a branch its operands, of a return only new;
	                                     -- of a call the calls open around it, and its arguments:
	                                     -- {"sk":"tcp_sock#1","addr_len":16}
);
CREATE TABLE spot (                          -- where in an object a store goes
	id INTEGER PRIMARY KEY,
	field,                               -- field.id, NULL: none
	name                                 -- NULL: the field, and all of it; else where 'field' cannot
	                                     -- say it: tcphdr.seq, data[20], bhash[77].chain.first
);
CREATE TABLE point (                         -- what a log row of kind 7 and more has beside: tracepoints
	step INTEGER PRIMARY KEY,
	kind,                                -- kind.id
	object,                              -- object.id
	what,                                -- state: old value
	extra                                -- timer: armed, fired, cancelled; drop: reason; see the views
);
CREATE TABLE packet (
	step INTEGER PRIMARY KEY,
	direction TEXT NOT NULL,             -- 'out' or 'in'
	device TEXT NOT NULL,                -- tap0
	length INTEGER NOT NULL,
	bytes BLOB NOT NULL                  -- the whole frame, link header first
);

-- Where to look, so that nobody has to read the log from its beginning. All numbers in their blobs have
-- four bytes, the lowest first, and steps are told as distances from the first one of the row. They are
-- whole when meta.indexed says as many steps as there are.
CREATE TABLE seek (                          -- the steps of one kind and what, 256 in a row at most
	kind INTEGER NOT NULL,               -- kind.id; store, branch and line have no lists
	what INTEGER NOT NULL,               -- call, return: func.id; local: variable.id; others: 0
	first INTEGER NOT NULL,
	steps BLOB NOT NULL,
	PRIMARY KEY (kind, what, first)
) WITHOUT ROWID;
CREATE TABLE stored (                        -- the stores to one object
	object INTEGER NOT NULL,
	first INTEGER NOT NULL,
	steps BLOB NOT NULL,                 -- pairs: step, spot.id
	before BLOB NOT NULL,                -- the same: the last to each spot before this row; these steps
	                                     -- lie before the first by what is said
	PRIMARY KEY (object, first)
) WITHOUT ROWID;

-- All steps in the columns that they have in common.
CREATE VIEW event AS
SELECT e.step, m.time, e.at & 31 AS kind, m.task, m.context,
       CASE e.at & 31 WHEN 1 THEN e.old WHEN 2 THEN p.old ELSE coalesce(p.old + 1, 0) END AS depth,
       e.parent, CASE e.at & 31 WHEN 1 THEN e.what ELSE p.what END AS func, CAST(nullif(e.at >> 5, 0) AS INTEGER) AS line,
       CASE e.at & 31 WHEN 1 THEN NULL WHEN 3 THEN sp.field WHEN 6 THEN e.what ELSE po.what END AS what,
       CASE e.at & 31 WHEN 3 THEN nullif(e.what >> 24, 0) ELSE po.object END AS object,
       CASE e.at & 31 WHEN 1 THEN NULL ELSE e.old END AS old,
       CASE e.at & 31 WHEN 1 THEN NULL ELSE e.new END AS new,
       CASE e.at & 31 WHEN 1 THEN e.new ELSE po.extra END AS extra, sp.name AS place
  FROM log e
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  LEFT JOIN log p ON p.step = e.parent
  LEFT JOIN spot sp ON sp.id = CASE e.at & 31 WHEN 3 THEN e.what & 16777215 END
  LEFT JOIN point po ON po.step = CASE WHEN e.at & 31 > 6 THEN e.step END;

-- ---------------------------------------------------------------- the interface

CREATE VIEW steps AS
SELECT e.step, m.time AS time_ns, k.name AS kind, t.name AS task, c.name AS context,
       CASE e.at & 31 WHEN 1 THEN e.old WHEN 2 THEN p.old ELSE coalesce(p.old + 1, 0) END AS depth,
       e.parent, f.name AS function, fi.path AS file, CAST(nullif(e.at >> 5, 0) AS INTEGER) AS line,
       CASE e.at & 31
       WHEN 1 THEN f.name || '(' || coalesce((SELECT group_concat(j.key || '=' || j.value, ', ')
                                                FROM json_each(e.new) j), '') || ')'
       WHEN 2 THEN f.name || CASE WHEN e.new IS NULL THEN ' returns' ELSE ' = ' || e.new END
       WHEN 3 THEN o.name || '.' || coalesce(sp.name, fd.name) || ': ' ||
                   CASE typeof(e.old) WHEN 'blob' THEN hex(e.old) ELSE e.old END || ' -> ' ||
                   CASE typeof(e.new) WHEN 'blob' THEN hex(e.new) ELSE e.new END
       WHEN 4 THEN 'compare ' || e.old || ' with ' || e.new
       WHEN 5 THEN ''
       WHEN 6 THEN v.name || ': ' || coalesce(e.old, '?') || ' -> ' || e.new
       WHEN 7 THEN pa.direction || ' ' || pa.device || ' ' || pa.length || ' bytes'
       ELSE coalesce(po.extra, '') END AS text
  FROM log e JOIN kind k ON k.id = e.at & 31
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
  LEFT JOIN log p ON p.step = e.parent
  LEFT JOIN func f ON f.id = CASE e.at & 31 WHEN 1 THEN e.what ELSE p.what END
  LEFT JOIN file fi ON fi.id = f.file
  LEFT JOIN spot sp ON sp.id = CASE e.at & 31 WHEN 3 THEN e.what & 16777215 END
  LEFT JOIN object o ON o.id = CASE e.at & 31 WHEN 3 THEN e.what >> 24 END
  LEFT JOIN field fd ON fd.id = sp.field
  LEFT JOIN variable v ON v.id = CASE e.at & 31 WHEN 6 THEN e.what END
  LEFT JOIN point po ON po.step = CASE WHEN e.at & 31 > 6 THEN e.step END
  LEFT JOIN packet pa ON pa.step = CASE e.at & 31 WHEN 7 THEN e.step END;

-- A call's return is the next one that names it: found by reading on from the call, and only when asked.
-- What a question does not ask for costs nothing: SQLite leaves out a LEFT JOIN that finds one row at most, and a
-- SELECT for a column, when nobody looks at what they give.
CREATE VIEW calls AS
SELECT e.step, r.step AS return_step, e.parent, e.old AS depth,
       (SELECT name FROM task WHERE id = m.task) AS task,
       (SELECT name FROM context WHERE id = m.context) AS context,
       f.name AS function, (SELECT path FROM file WHERE id = f.file) AS file, f.line,
       (SELECT kernel_path FROM file WHERE id = f.file) AS kernel_file,
       e.new AS args, r.new AS value, f.type AS type, m.time AS start_ns,
       (SELECT time FROM moment WHERE step <= r.step ORDER BY step DESC LIMIT 1) AS end_ns
  FROM log e JOIN func f ON f.id = e.what
  LEFT JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  LEFT JOIN log r ON r.step = (SELECT x.step FROM log x WHERE x.step > e.step AND x.parent = e.step
                                AND x.at & 31 = 2 ORDER BY x.step LIMIT 1)
 WHERE e.at & 31 = 1;

CREATE VIEW stores AS
SELECT e.step, m.time AS time_ns, o.name AS object, (SELECT name FROM type WHERE id = o.type) AS type,
       o.kind AS storage, coalesce(sp.name, fd.name) AS field, fd.path AS path, fd.ctype AS ctype,
       e.old, e.new,
       (SELECT symbol FROM enumeration n WHERE n.id = fd.enum AND n.value = e.old) AS old_symbol,
       (SELECT symbol FROM enumeration n WHERE n.id = fd.enum AND n.value = e.new) AS new_symbol,
       f.name AS function, (SELECT path FROM file WHERE id = f.file) AS file,
       nullif(e.at >> 5, 0) AS line, (SELECT name FROM task WHERE id = m.task) AS task,
       (SELECT name FROM context WHERE id = m.context) AS context, e.parent
  FROM log e LEFT JOIN func f ON f.id = (SELECT what FROM log WHERE step = e.parent)
  LEFT JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  LEFT JOIN spot sp ON sp.id = e.what & 16777215
  LEFT JOIN object o ON o.id = e.what >> 24
  LEFT JOIN field fd ON fd.id = sp.field
 WHERE e.at & 31 = 3;

CREATE VIEW branches AS
SELECT e.step, m.time AS time_ns, e.old AS "left", e.new AS "right", f.name AS function,
       fi.path AS file, e.at >> 5 AS line, t.name AS task, c.name AS context, e.parent
  FROM log e JOIN log p ON p.step = e.parent
  JOIN func f ON f.id = p.what JOIN file fi ON fi.id = f.file
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
 WHERE e.at & 31 = 4;

CREATE VIEW locals AS
SELECT e.step, v.name AS variable, v.ctype, v.parameter, e.old, e.new, f.name AS function,
       fi.path AS file, e.at >> 5 AS line, t.name AS task, c.name AS context, e.parent
  FROM log e JOIN variable v ON v.id = e.what JOIN log p ON p.step = e.parent
  JOIN func f ON f.id = p.what JOIN file fi ON fi.id = f.file
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
 WHERE e.at & 31 = 6;

CREATE VIEW packets AS
SELECT e.step, m.time AS time_ns, pa.direction, pa.device, pa.length, pa.bytes, o.name AS skb,
       f.name AS function, t.name AS task, c.name AS context, e.parent
  FROM packet pa JOIN point po ON po.step = pa.step JOIN log e ON e.step = pa.step
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
  LEFT JOIN object o ON o.id = po.object
  LEFT JOIN log p ON p.step = e.parent LEFT JOIN func f ON f.id = p.what;

CREATE VIEW drops AS
SELECT e.step, m.time AS time_ns, po.extra AS reason, o.name AS skb, f.name AS function,
       fi.path AS file, nullif(e.at >> 5, 0) AS line, t.name AS task, c.name AS context, e.parent
  FROM point po JOIN log e ON e.step = po.step
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
  LEFT JOIN object o ON o.id = po.object LEFT JOIN log p ON p.step = e.parent
  LEFT JOIN func f ON f.id = p.what LEFT JOIN file fi ON fi.id = f.file
 WHERE po.kind = 8;

CREATE VIEW timers AS
SELECT e.step, m.time AS time_ns, po.extra AS action,
       o.name || coalesce('.' || e.old, '') AS timer, e.new AS expires_ns,
       f.name AS function, t.name AS task, c.name AS context, e.parent
  FROM point po JOIN log e ON e.step = po.step
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
  LEFT JOIN object o ON o.id = po.object
  LEFT JOIN log p ON p.step = e.parent LEFT JOIN func f ON f.id = p.what
 WHERE po.kind = 9;

CREATE VIEW tasks AS                         -- who slept, who woke whom, who ran next
SELECT e.step, m.time AS time_ns, k.name AS action, t.name AS task, c.name AS context,
       po.extra AS other, e.new AS value, f.name AS function, e.parent
  FROM point po JOIN kind k ON k.id = po.kind JOIN log e ON e.step = po.step
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
  LEFT JOIN log p ON p.step = e.parent LEFT JOIN func f ON f.id = p.what
 WHERE po.kind IN (10, 11, 12);

CREATE VIEW objects AS
SELECT o.id, o.name AS object, ty.name AS type, o.kind AS storage, o.size, o.born, o.died
  FROM object o LEFT JOIN type ty ON ty.id = o.type;

PRAGMA user_version = 3;
PRAGMA application_id = 1937337975;           -- 'synw'
