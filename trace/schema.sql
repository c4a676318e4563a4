-- SPDX-License-Identifier: GPL-2.0-only
--
-- The trace database, schema version 1.
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
-- keys: schema_version 1, synwalk_version, status ('recording', 'complete', 'partial'),
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

CREATE TABLE event (
	step INTEGER PRIMARY KEY,            -- from 1, without gaps
	time INTEGER NOT NULL,               -- ns since the recording began: virtual, or the wall's
	kind INTEGER NOT NULL,
	task INTEGER NOT NULL,
	context INTEGER NOT NULL,
	depth INTEGER NOT NULL,              -- calls open in this task and context
	parent INTEGER,                      -- step of the enclosing call; of a return: of its call
	func INTEGER,                        -- func.id that runs (of a call: the called one)
	line INTEGER,                        -- in the file of func (of a call: the line of its definition)
	what INTEGER,                        -- store: field.id; local: variable.id; state: old value; ...
	object INTEGER,                      -- object.id
	old, new,                            -- store, local: values; branch: left and right operand;
	                                     -- return: new is the value; timer: new is expiry in ns
	extra TEXT                           -- call: {"sk":"tcp_sock#1","addr_len":16}; timer: armed, fired,
	                                     -- cancelled; drop: reason; see the views
);
CREATE TABLE store_place (                   -- for stores that 'field' cannot name by itself
	step INTEGER PRIMARY KEY,
	field TEXT NOT NULL,                 -- tcphdr.seq, data[20], bhash[77].chain.first
	size INTEGER NOT NULL
);
CREATE TABLE packet (
	step INTEGER PRIMARY KEY,
	direction TEXT NOT NULL,             -- 'out' or 'in'
	device TEXT NOT NULL,                -- tap0
	length INTEGER NOT NULL,
	bytes BLOB NOT NULL                  -- the whole frame, link header first
);

-- ---------------------------------------------------------------- the interface

CREATE VIEW steps AS
SELECT e.step, e.time AS time_ns, k.name AS kind, t.name AS task, c.name AS context, e.depth,
       e.parent, f.name AS function, fi.path AS file, e.line,
       CASE e.kind
       WHEN 1 THEN f.name || '(' || coalesce((SELECT group_concat(j.key || '=' || j.value, ', ') FROM json_each(e.extra) j), '') || ')'
       WHEN 2 THEN f.name || CASE WHEN e.new IS NULL THEN ' returns' ELSE ' = ' || e.new END
       WHEN 3 THEN o.name || '.' || coalesce(sp.field, fd.name) || ': ' ||
            CASE typeof(e.old) WHEN 'blob' THEN hex(e.old) ELSE e.old END || ' -> ' ||
            CASE typeof(e.new) WHEN 'blob' THEN hex(e.new) ELSE e.new END
       WHEN 4 THEN 'compare ' || e.old || ' with ' || e.new
       WHEN 6 THEN v.name || ': ' || coalesce(e.old, '?') || ' -> ' || e.new
       WHEN 7 THEN p.direction || ' ' || p.device || ' ' || p.length || ' bytes'
       ELSE coalesce(e.extra, '') END AS text
  FROM event e
  JOIN kind k ON k.id = e.kind
  JOIN task t ON t.id = e.task
  JOIN context c ON c.id = e.context
  LEFT JOIN func f ON f.id = e.func
  LEFT JOIN file fi ON fi.id = f.file
  LEFT JOIN object o ON o.id = e.object
  LEFT JOIN field fd ON e.kind = 3 AND fd.id = e.what
  LEFT JOIN store_place sp ON e.kind = 3 AND sp.step = e.step
  LEFT JOIN variable v ON e.kind = 6 AND v.id = e.what
  LEFT JOIN packet p ON e.kind = 7 AND p.step = e.step;

CREATE VIEW calls AS
SELECT e.step, r.step AS return_step, e.parent, e.depth, t.name AS task, c.name AS context,
       f.name AS function, fi.path AS file, f.line, fi.kernel_path AS kernel_file,
       e.extra AS args, r.new AS value, f.type AS type, e.time AS start_ns, r.time AS end_ns
  FROM event e
  JOIN func f ON f.id = e.func
  JOIN file fi ON fi.id = f.file
  JOIN task t ON t.id = e.task
  JOIN context c ON c.id = e.context
  LEFT JOIN event r ON r.kind = 2 AND r.parent = e.step
 WHERE e.kind = 1;

CREATE VIEW stores AS
SELECT e.step, e.time AS time_ns, o.name AS object, ty.name AS type, o.kind AS storage,
       coalesce(sp.field, fd.name) AS field, fd.path AS path, fd.ctype AS ctype,
       e.old, e.new,
       (SELECT symbol FROM enumeration n WHERE n.id = fd.enum AND n.value = e.old) AS old_symbol,
       (SELECT symbol FROM enumeration n WHERE n.id = fd.enum AND n.value = e.new) AS new_symbol,
       f.name AS function, fi.path AS file, e.line, t.name AS task, c.name AS context, e.parent
  FROM event e
  JOIN task t ON t.id = e.task
  JOIN context c ON c.id = e.context
  LEFT JOIN object o ON o.id = e.object
  LEFT JOIN type ty ON ty.id = o.type
  LEFT JOIN field fd ON fd.id = e.what
  LEFT JOIN store_place sp ON sp.step = e.step
  LEFT JOIN func f ON f.id = e.func
  LEFT JOIN file fi ON fi.id = f.file
 WHERE e.kind = 3;

CREATE VIEW branches AS
SELECT e.step, e.time AS time_ns, e.old AS left, e.new AS right, f.name AS function,
       fi.path AS file, e.line, t.name AS task, c.name AS context, e.parent
  FROM event e JOIN func f ON f.id = e.func JOIN file fi ON fi.id = f.file
  JOIN task t ON t.id = e.task JOIN context c ON c.id = e.context
 WHERE e.kind = 4;

CREATE VIEW locals AS
SELECT e.step, v.name AS variable, v.ctype, v.parameter, e.old, e.new, f.name AS function,
       fi.path AS file, e.line, t.name AS task, c.name AS context, e.parent
  FROM event e JOIN variable v ON v.id = e.what JOIN func f ON f.id = e.func
  JOIN file fi ON fi.id = f.file JOIN task t ON t.id = e.task JOIN context c ON c.id = e.context
 WHERE e.kind = 6;

CREATE VIEW packets AS
SELECT e.step, e.time AS time_ns, p.direction, p.device, p.length, p.bytes, o.name AS skb,
       f.name AS function, t.name AS task, c.name AS context, e.parent
  FROM event e JOIN packet p ON p.step = e.step
  JOIN task t ON t.id = e.task JOIN context c ON c.id = e.context
  LEFT JOIN object o ON o.id = e.object LEFT JOIN func f ON f.id = e.func
 WHERE e.kind = 7;

CREATE VIEW drops AS
SELECT e.step, e.time AS time_ns, e.extra AS reason, o.name AS skb, f.name AS function,
       fi.path AS file, e.line, t.name AS task, c.name AS context, e.parent
  FROM event e JOIN task t ON t.id = e.task JOIN context c ON c.id = e.context
  LEFT JOIN object o ON o.id = e.object LEFT JOIN func f ON f.id = e.func LEFT JOIN file fi ON fi.id = f.file
 WHERE e.kind = 8;

CREATE VIEW timers AS
SELECT e.step, e.time AS time_ns, e.extra AS action,
       o.name || coalesce('.' || e.old, '') AS timer, e.new AS expires_ns,
       f.name AS function, t.name AS task, c.name AS context, e.parent
  FROM event e JOIN task t ON t.id = e.task JOIN context c ON c.id = e.context
  LEFT JOIN object o ON o.id = e.object LEFT JOIN func f ON f.id = e.func
 WHERE e.kind = 9;

CREATE VIEW tasks AS                         -- who slept, who woke whom, who ran next
SELECT e.step, e.time AS time_ns, k.name AS action, t.name AS task, c.name AS context,
       e.extra AS other, e.new AS value, f.name AS function, e.parent
  FROM event e JOIN kind k ON k.id = e.kind JOIN task t ON t.id = e.task
  JOIN context c ON c.id = e.context LEFT JOIN func f ON f.id = e.func
 WHERE e.kind IN (10, 11, 12);

CREATE VIEW objects AS
SELECT o.id, o.name AS object, ty.name AS type, o.kind AS storage, o.size, o.born, o.died
  FROM object o LEFT JOIN type ty ON ty.id = o.type;

PRAGMA user_version = 1;
