/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Replays a recording. All of it is in the page; the position is one number, the index of a step,
 * and every pane is drawn anew from it. Whatever was a field's value at a step is found by a search
 * among the stores to that field, so going back costs what going on does.
 */
"use strict";
const trace = JSON.parse(document.getElementById("trace").textContent);
const [CALL, RETURN, STORE, , LINE, , PACKET] = [1, 2, 3, 4, 5, 6, 7];
const count = trace.kind.length;
const $ = (selector) => document.querySelector(selector);
let at = 0;
let object = -1;

/* ---- what is known beforehand ---- */

/* For each object: member -> the stores to it, in order. */
const stores = trace.objects.map(() => new Map());
trace.stores.forEach(([index, owner, member, from, to]) => {
	if (!stores[owner].has(member))
		stores[owner].set(member, []);
	stores[owner].get(member).push([index, from, to]);
});
const packetAt = new Map(trace.packets.map((p, i) => [p.index, i]));
const returns = new Map();
for (let i = 0; i < count; i++)
	if (trace.kind[i] === RETURN)
		returns.set(trace.parent[i], i);

/* The last element of a sorted list whose number is not above @limit, or undefined. */
function lastBefore(list, limit, number) {
	let low = 0, high = list.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (number(list[middle]) <= limit)
			low = middle + 1;
		else
			high = middle;
	}
	return list[low - 1];
}

/* ---- panes ---- */

function item(text, index) {
	const li = document.createElement("li");
	li.textContent = text;
	if (index >= 0) {
		li.tabIndex = 0;
		li.onclick = () => go(index);
		li.onkeydown = (event) => {
			if (event.key === "Enter")
				go(index);
		};
	}
	return li;
}

function drawWalk() {
	const first = Math.max(0, at - 60), list = [];
	for (let i = first; i < Math.min(count, first + 160); i++) {
		const li = item(" ".repeat(trace.depth[i]) + trace.words[i], i);
		if (i === at) {
			li.className = "here";
			li.setAttribute("aria-current", "step");
		}
		list.push(li);
	}
	$("#walk ol").replaceChildren(...list);
	$("#walk .here").scrollIntoView({ block: "center" });
}

function drawSource() {
	const func = trace.functions[trace.func[at]];
	const pre = $("#source pre");
	if (!func) {
		$("#source-title").textContent = "Source";
		pre.textContent = "";
		return;
	}
	const file = trace.files[func.file];
	$("#source-title").textContent = file.path + (file.kernel ? " (kernel: " + file.kernel + ")" : "");
	file.lines ??= file.text.split("\n");
	const rows = file.lines.slice(func.line - 1, func.end).map((text, i) => {
		const row = document.createElement("div"), number = document.createElement("span");
		number.className = "number";
		number.textContent = String(func.line + i).padStart(5) + "  ";
		row.append(number, text);
		if (func.line + i === trace.line[at]) {
			row.className = "here";
			row.setAttribute("aria-current", "location");
		}
		return row;
	});
	pre.replaceChildren(...rows);
	const here = $("#source .here");
	if (here)
		here.firstChild.scrollIntoView({ block: "center", inline: "start" });
}

/* The calls open at a step, innermost first. */
function stack(index) {
	const calls = [];
	let i = trace.kind[index] === CALL ? index : trace.parent[index];
	for (; i >= 0; i = trace.parent[i])
		calls.push(i);
	return calls;
}

function drawStack() {
	const calls = stack(at);
	const open = trace.open[trace.track[at]];
	$("#stack-title").textContent = "Stack, " + (calls.length + open.length) + " deep: " + trace.tracks[trace.track[at]];
	$("#stack ol").replaceChildren(...calls.map((i) => item(trace.words[i], i)), ...open.map((words) => item(words, -1)));
}

function isAlive(o) {
	return trace.objects[o].born <= at && (trace.objects[o].died < 0 || trace.objects[o].died > at);
}

function drawChoice() {
	const select = $("#objects select");
	const options = trace.objects.map((o, i) => [o, i]).filter(([, i]) => isAlive(i) || i === object)
		.map(([o, i]) => {
			const option = document.createElement("option");
			option.value = i;
			option.textContent = o.name + (isAlive(i) ? "" : " (not there now)");
			option.selected = i === object;
			return option;
		});
	select.replaceChildren(...options);
}

function cell(text, className) {
	const td = document.createElement("td");
	td.textContent = text;
	td.className = className || "";
	td.title = text;
	return td;
}

function drawObject() {
	const store = lastBefore(trace.stores, at, (s) => s[0]);
	if ($("#objects input").checked && store)
		object = store[1];
	drawChoice();
	if (object < 0)
		return;
	const rows = [];
	const members = new Map(trace.objects[object].initial.map(([member, value]) => [member, value]));
	for (const member of stores[object].keys())
		if (!members.has(member))
			members.set(member, "");
	for (const [member, initial] of members) {
		const last = lastBefore(stores[object].get(member) || [], at, (s) => s[0]);
		const tr = document.createElement("tr");
		const changed = last && last[0] === at;
		tr.append(cell(changed ? "▶" : last ? "*" : " "), cell(member), cell(last ? last[2] : initial, changed && "changed"));
		if (changed)
			tr.append(cell("was " + last[1], "hint"));
		rows.push(tr);
	}
	$("#objects tbody").replaceChildren(...rows);
	const changed = $("#objects .changed");
	if (changed)
		changed.parentNode.firstChild.scrollIntoView({ block: "center", inline: "start" });
}

function drawPackets() {
	const list = trace.packets.map((p, i) => {
		const li = item((p.out ? "> " : "< ") + p.line, p.index);
		if (p.index === at)
			li.className = "here";
		return li;
	});
	$("#packets ol").replaceChildren(...list);
	const packet = trace.packets[packetAt.get(at)];
	const rows = !packet ? [] : packet.fields.map(([offset, length, name, value]) => {
		const tr = document.createElement("tr");
		tr.append(cell(packet.hex.slice(2 * offset, 2 * (offset + Math.min(length, 8))), "hint"), cell(name), cell(value));
		return tr;
	});
	$("#packets tbody").replaceChildren(...rows);
}

function draw() {
	drawWalk();
	drawSource();
	drawStack();
	drawObject();
	drawPackets();
	$("#step").value = trace.from + at;
	$("#slider").value = at;
	$("#status").textContent = "Step " + (trace.from + at) + " of " + (trace.from + count - 1) + ", " +
		(trace.time[at] / 1e6).toFixed(6) + " ms, " + trace.tracks[trace.track[at]] + ": " + trace.words[at];
}

/* ---- moves ---- */

function go(index) {
	at = Math.min(Math.max(index, 0), count - 1);
	draw();
}

/* Where the call that begins here ends; elsewhere the next step. */
function over() {
	go(trace.kind[at] === CALL && returns.has(at) ? returns.get(at) : at + 1);
}

function out() {
	const call = trace.kind[at] === CALL ? at : trace.parent[at];
	if (call >= 0)
		go((returns.get(call) ?? at) + 1);
}

function packet(direction) {
	const next = direction > 0 ? trace.packets.find((p) => p.index > at) :
		trace.packets.findLast((p) => p.index < at);
	if (next)
		go(next.index);
}

function find(text, direction) {
	const wanted = text.toLowerCase();
	for (let i = at + direction; wanted && i >= 0 && i < count; i += direction)
		if (trace.words[i].toLowerCase().includes(wanted))
			return go(i);
	$("#status").textContent = text + ": not found from here on";
}

const keys = {
	ArrowRight: () => go(at + 1), s: () => go(at + 1), j: () => go(at + 1),
	ArrowLeft: () => go(at - 1), S: () => go(at - 1), k: () => go(at - 1),
	o: over, u: out, f: out, p: () => packet(1), P: () => packet(-1),
	Home: () => go(0), g: () => go(0), End: () => go(count - 1), G: () => go(count - 1),
	PageDown: () => go(at + 20), PageUp: () => go(at - 20),
	n: () => find($("#find").value, 1), N: () => find($("#find").value, -1),
	"/": () => $("#find").focus(),
};
document.addEventListener("keydown", (event) => {
	if (event.ctrlKey || event.altKey || event.metaKey || /^(INPUT|SELECT)$/.test(event.target.tagName))
		return;
	if (keys[event.key]) {
		event.preventDefault();
		keys[event.key]();
	}
});
$("#first").onclick = keys.Home;
$("#last").onclick = keys.End;
$("#next").onclick = keys.ArrowRight;
$("#back").onclick = keys.ArrowLeft;
$("#over").onclick = over;
$("#out").onclick = out;
$("#packet").onclick = keys.p;
$("#step").onchange = (event) => go(Number(event.target.value) - trace.from);
$("#slider").oninput = (event) => go(Number(event.target.value));
$("#find").onkeydown = (event) => {
	if (event.key === "Enter")
		find(event.target.value, event.shiftKey ? -1 : 1);
	if (event.key === "Escape")
		event.target.blur();
};
$("#objects select").onchange = (event) => {
	object = Number(event.target.value);
	$("#objects input").checked = false;
	draw();
};
$("#slider").max = count - 1;
$("#title").textContent = trace.title;
document.title = "synwalk: " + trace.title;
go(0);
