-- SPDX-License-Identifier: GPL-2.0-only
--
-- The trace database, schema version 2: the views of version 1 over leaner tables.
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
-- keys: schema_version 2, synwalk_version, status ('recording', 'complete', 'partial'),
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
	field INTEGER REFERENCES field(id),
	offset INTEGER NOT NULL,
	value,
	PRIMARY KEY (object, offset, field)
);
CREATE TABLE task (id INTEGER PRIMARY KEY, name TEXT NOT NULL);   -- 0 is the idle task
CREATE TABLE kind (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO kind VALUES
	(1,'call'),(2,'return'),(3,'store'),(4,'branch'),(5,'line'),(6,'local'),
	(7,'packet'),(8,'drop'),(9,'timer'),(10,'sleep'),(11,'wake'),(12,'switch'),
	(13,'state'),(14,'alloc'),(15,'free'),(16,'context');
CREATE TABLE context (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO context VALUES (0,'task'),(1,'softirq'),(2,'timer'),(3,'idle');

-- Steps count from 1 without gaps, over all of the tables that follow.  Each step has one row in one
-- of them.  What a row does not say its enclosing call says (func; depth, one less) and the last
-- moment before it (time, task, context).  None of their columns has a type: SQLite would only look
-- at it again.

CREATE TABLE moment (                        -- when it is, who runs and as what: from this step on
	step INTEGER PRIMARY KEY,
	time,                                -- ns since the recording began: virtual, or the wall's
	task, context                        -- task.id, context.id
);
CREATE TABLE call (                          -- kind 1: a function begins
	step INTEGER PRIMARY KEY,
	parent,                              -- step of the enclosing call
	depth,                               -- calls open in this task and context
	func,                                -- func.id
	args                                 -- {"sk":"tcp_sock#1","addr_len":16}
);
CREATE TABLE ret (                           -- kind 2: it returns
	step INTEGER PRIMARY KEY,
	parent,                              -- step of its call
	line, value
);
CREATE TABLE line (                          -- kind 5
	step INTEGER PRIMARY KEY,
	parent,                              -- step of the enclosing call, here and below
	line                                 -- in the file of that call's function, here and below
);
CREATE TABLE branch (                        -- kind 4: "left" was compared with "right"
	step INTEGER PRIMARY KEY,
	parent, line, "left", "right"
);
CREATE TABLE local (                         -- kind 6: a local has a new value
	step INTEGER PRIMARY KEY,
	parent, line,
	variable,                            -- variable.id
	old, new
);
CREATE TABLE store (                         -- kind 3
	step INTEGER PRIMARY KEY,
	parent, line,
	object,                              -- object.id
	field,                               -- field.id; 0: none
	place,                               -- place.id; 0: it went to the field, and to all of it
	old, new
);
CREATE TABLE place (                         -- where 'field' cannot name it by itself
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL                   -- tcphdr.seq, data[20], bhash[77].chain.first
);
CREATE TABLE point (                         -- all other kinds, what tracepoints told
	step INTEGER PRIMARY KEY,
	kind, parent, line,
	what,                                -- state: old value
	object,                              -- object.id
	old, new,                            -- state: values; timer: new is expiry in ns
	extra                                -- timer: armed, fired, cancelled; drop: reason; see the views
);
CREATE TABLE packet (
	step INTEGER PRIMARY KEY,
	direction TEXT NOT NULL,             -- 'out' or 'in'
	device TEXT NOT NULL,                -- tap0
	length INTEGER NOT NULL,
	bytes BLOB NOT NULL                  -- the whole frame, link header first
);

-- All steps in the columns that they have in common.
CREATE VIEW event AS
SELECT e.step, m.time, 1 AS kind, m.task, m.context, e.depth, e.parent, e.func, f.line, NULL AS what,
       NULL AS object, NULL AS old, NULL AS new, e.args AS extra, NULL AS place
  FROM call e JOIN func f ON f.id = e.func
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
UNION ALL
SELECT e.step, m.time, 2, m.task, m.context, p.depth, e.parent, p.func, e.line, NULL, NULL, NULL, e.value, NULL, NULL
  FROM ret e JOIN call p ON p.step = e.parent
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
UNION ALL
SELECT e.step, m.time, 3, m.task, m.context, coalesce(p.depth + 1, 0), e.parent, p.func, e.line,
       nullif(e.field, 0), e.object, e.old, e.new, NULL, pl.name
  FROM store e LEFT JOIN call p ON p.step = e.parent LEFT JOIN place pl ON pl.id = e.place
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
UNION ALL
SELECT e.step, m.time, 4, m.task, m.context, p.depth + 1, e.parent, p.func, e.line, NULL, NULL, e."left",
       e."right", NULL, NULL
  FROM branch e JOIN call p ON p.step = e.parent
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
UNION ALL
SELECT e.step, m.time, 5, m.task, m.context, p.depth + 1, e.parent, p.func, e.line, NULL, NULL, NULL, NULL, NULL,
       NULL
  FROM line e JOIN call p ON p.step = e.parent
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
UNION ALL
SELECT e.step, m.time, 6, m.task, m.context, p.depth + 1, e.parent, p.func, e.line, e.variable, NULL, e.old,
       e.new, NULL, NULL
  FROM local e JOIN call p ON p.step = e.parent
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
UNION ALL
SELECT e.step, m.time, e.kind, m.task, m.context, coalesce(p.depth + 1, 0), e.parent, p.func, e.line, e.what,
       e.object, e.old, e.new, e.extra, NULL
  FROM point e LEFT JOIN call p ON p.step = e.parent
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step);

-- ---------------------------------------------------------------- the interface

CREATE VIEW steps AS
SELECT e.step, m.time AS time_ns, 'call' AS kind, t.name AS task, c.name AS context, e.depth,
       e.parent, f.name AS function, fi.path AS file, f.line,
       f.name || '(' || coalesce((SELECT group_concat(j.key || '=' || j.value, ', ') FROM json_each(e.args) j), '') || ')' AS text
  FROM call e JOIN func f ON f.id = e.func JOIN file fi ON fi.id = f.file
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
UNION ALL
SELECT e.step, m.time, 'return', t.name, c.name, p.depth, e.parent, f.name, fi.path, e.line,
       f.name || CASE WHEN e.value IS NULL THEN ' returns' ELSE ' = ' || e.value END
  FROM ret e JOIN call p ON p.step = e.parent JOIN func f ON f.id = p.func JOIN file fi ON fi.id = f.file
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
UNION ALL
SELECT e.step, m.time, 'store', t.name, c.name, coalesce(p.depth + 1, 0), e.parent, f.name, fi.path, e.line,
       o.name || '.' || coalesce(pl.name, fd.name) || ': ' ||
       CASE typeof(e.old) WHEN 'blob' THEN hex(e.old) ELSE e.old END || ' -> ' ||
       CASE typeof(e.new) WHEN 'blob' THEN hex(e.new) ELSE e.new END
  FROM store e LEFT JOIN call p ON p.step = e.parent LEFT JOIN func f ON f.id = p.func LEFT JOIN file fi ON fi.id = f.file
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
  LEFT JOIN object o ON o.id = e.object LEFT JOIN field fd ON fd.id = e.field
  LEFT JOIN place pl ON pl.id = e.place
UNION ALL
SELECT e.step, m.time, 'branch', t.name, c.name, p.depth + 1, e.parent, f.name, fi.path, e.line,
       'compare ' || e."left" || ' with ' || e."right"
  FROM branch e JOIN call p ON p.step = e.parent JOIN func f ON f.id = p.func JOIN file fi ON fi.id = f.file
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
UNION ALL
SELECT e.step, m.time, 'line', t.name, c.name, p.depth + 1, e.parent, f.name, fi.path, e.line,
       ''
  FROM line e JOIN call p ON p.step = e.parent JOIN func f ON f.id = p.func JOIN file fi ON fi.id = f.file
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
UNION ALL
SELECT e.step, m.time, 'local', t.name, c.name, p.depth + 1, e.parent, f.name, fi.path, e.line,
       v.name || ': ' || coalesce(e.old, '?') || ' -> ' || e.new
  FROM local e JOIN call p ON p.step = e.parent JOIN func f ON f.id = p.func JOIN file fi ON fi.id = f.file
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
  LEFT JOIN variable v ON v.id = e.variable
UNION ALL
SELECT e.step, m.time, k.name, t.name, c.name, coalesce(p.depth + 1, 0), e.parent, f.name, fi.path, e.line,
       CASE e.kind WHEN 7 THEN pa.direction || ' ' || pa.device || ' ' || pa.length || ' bytes'
       ELSE coalesce(e.extra, '') END
  FROM point e LEFT JOIN call p ON p.step = e.parent LEFT JOIN func f ON f.id = p.func LEFT JOIN file fi ON fi.id = f.file
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
  JOIN kind k ON k.id = e.kind LEFT JOIN packet pa ON pa.step = e.step;

CREATE VIEW calls AS
SELECT e.step, r.step AS return_step, e.parent, e.depth, t.name AS task, c.name AS context,
       f.name AS function, fi.path AS file, f.line, fi.kernel_path AS kernel_file,
       e.args, r.value, f.type AS type, m.time AS start_ns,
       (SELECT time FROM moment WHERE step <= r.step ORDER BY step DESC LIMIT 1) AS end_ns
  FROM call e JOIN func f ON f.id = e.func JOIN file fi ON fi.id = f.file
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
  LEFT JOIN ret r ON r.parent = e.step;

CREATE VIEW stores AS
SELECT e.step, m.time AS time_ns, o.name AS object, ty.name AS type, o.kind AS storage,
       coalesce(pl.name, fd.name) AS field, fd.path AS path, fd.ctype AS ctype,
       e.old, e.new,
       (SELECT symbol FROM enumeration n WHERE n.id = fd.enum AND n.value = e.old) AS old_symbol,
       (SELECT symbol FROM enumeration n WHERE n.id = fd.enum AND n.value = e.new) AS new_symbol,
       f.name AS function, fi.path AS file, e.line, t.name AS task, c.name AS context, e.parent
  FROM store e LEFT JOIN call p ON p.step = e.parent
  LEFT JOIN func f ON f.id = p.func LEFT JOIN file fi ON fi.id = f.file
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
  LEFT JOIN object o ON o.id = e.object
  LEFT JOIN type ty ON ty.id = o.type
  LEFT JOIN field fd ON fd.id = e.field
  LEFT JOIN place pl ON pl.id = e.place;

CREATE VIEW branches AS
SELECT e.step, m.time AS time_ns, e."left", e."right", f.name AS function,
       fi.path AS file, e.line, t.name AS task, c.name AS context, e.parent
  FROM branch e JOIN call p ON p.step = e.parent
  JOIN func f ON f.id = p.func JOIN file fi ON fi.id = f.file
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context;

CREATE VIEW locals AS
SELECT e.step, v.name AS variable, v.ctype, v.parameter, e.old, e.new, f.name AS function,
       fi.path AS file, e.line, t.name AS task, c.name AS context, e.parent
  FROM local e JOIN variable v ON v.id = e.variable JOIN call p ON p.step = e.parent
  JOIN func f ON f.id = p.func JOIN file fi ON fi.id = f.file
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context;

CREATE VIEW packets AS
SELECT e.step, m.time AS time_ns, pa.direction, pa.device, pa.length, pa.bytes, o.name AS skb,
       f.name AS function, t.name AS task, c.name AS context, e.parent
  FROM point e JOIN packet pa ON pa.step = e.step
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
  LEFT JOIN object o ON o.id = e.object
  LEFT JOIN call p ON p.step = e.parent LEFT JOIN func f ON f.id = p.func
 WHERE e.kind = 7;

CREATE VIEW drops AS
SELECT e.step, m.time AS time_ns, e.extra AS reason, o.name AS skb, f.name AS function,
       fi.path AS file, e.line, t.name AS task, c.name AS context, e.parent
  FROM point e
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
  LEFT JOIN object o ON o.id = e.object LEFT JOIN call p ON p.step = e.parent
  LEFT JOIN func f ON f.id = p.func LEFT JOIN file fi ON fi.id = f.file
 WHERE e.kind = 8;

CREATE VIEW timers AS
SELECT e.step, m.time AS time_ns, e.extra AS action,
       o.name || coalesce('.' || e.old, '') AS timer, e.new AS expires_ns,
       f.name AS function, t.name AS task, c.name AS context, e.parent
  FROM point e
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
  LEFT JOIN object o ON o.id = e.object
  LEFT JOIN call p ON p.step = e.parent LEFT JOIN func f ON f.id = p.func
 WHERE e.kind = 9;

CREATE VIEW tasks AS                         -- who slept, who woke whom, who ran next
SELECT e.step, m.time AS time_ns, k.name AS action, t.name AS task, c.name AS context,
       e.extra AS other, e.new AS value, f.name AS function, e.parent
  FROM point e JOIN kind k ON k.id = e.kind
  JOIN moment m ON m.step = (SELECT max(step) FROM moment WHERE step <= e.step)
  JOIN task t ON t.id = m.task JOIN context c ON c.id = m.context
  LEFT JOIN call p ON p.step = e.parent LEFT JOIN func f ON f.id = p.func
 WHERE e.kind IN (10, 11, 12);

CREATE VIEW objects AS
SELECT o.id, o.name AS object, ty.name AS type, o.kind AS storage, o.size, o.born, o.died
  FROM object o LEFT JOIN type ty ON ty.id = o.type;

PRAGMA user_version = 2;
PRAGMA application_id = 1937337975;           -- 'synw'
