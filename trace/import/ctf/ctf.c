/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading CTF with libbabeltrace2: a source for each trace below a folder, a muxer that brings
 * their streams (one for each processor) into the order of time, and a sink that asks for them.
 */
#include <babeltrace2/babeltrace.h>
#include <errno.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctf.h"

#define PROVIDER "synwalk:"

/* A session with a buffer for each process has a trace for each. */
#define FOLDERS_MAX 4096

static char *folders[FOLDERS_MAX];
static int folders_count;
static uint64_t folders_bytes;

struct run {
	struct ctf_reading *reading;
	bt_message_iterator *messages;
	int result;
};

/* ------------------------------------------------------------------ fields */

static const bt_field *field_of(const struct ctf_event *event, const char *name)
{
	return bt_field_structure_borrow_member_field_by_name_const((const bt_field *)event, name);
}

static int64_t field_integer(const bt_field *field)
{
	bt_field_class_type type = bt_field_get_class_type(field);

	if (bt_field_class_type_is(type, BT_FIELD_CLASS_TYPE_SIGNED_INTEGER))
		return bt_field_integer_signed_get_value(field);
	if (bt_field_class_type_is(type, BT_FIELD_CLASS_TYPE_UNSIGNED_INTEGER))
		return (int64_t)bt_field_integer_unsigned_get_value(field);
	return 0;
}

static int64_t number(const struct ctf_event *event, const char *name)
{
	const bt_field *field = field_of(event, name);

	return field ? field_integer(field) : 0;
}

static const char *text(const struct ctf_event *event, const char *name)
{
	const bt_field *field = field_of(event, name);

	if (!field || bt_field_get_class_type(field) != BT_FIELD_CLASS_TYPE_STRING)
		return NULL;
	return bt_field_string_get_value(field);
}

static size_t array(const struct ctf_event *event, const char *name, uint64_t *to, size_t room)
{
	const bt_field *field = field_of(event, name);
	size_t count;

	if (!field ||
	    !bt_field_class_type_is(bt_field_get_class_type(field), BT_FIELD_CLASS_TYPE_ARRAY))
		return 0;
	count = bt_field_array_get_length(field);
	for (size_t i = 0; i < count && i < room; i++)
		to[i] = (uint64_t)field_integer(
			bt_field_array_borrow_element_field_by_index_const(field, i));
	return count;
}

static const struct ctf_fields fields = { number, text, array };

/* ------------------------------------------------------------------ the sink */

static int tell_event(struct ctf_reading *reading, const bt_message *message)
{
	const bt_event *event = bt_message_event_borrow_event_const(message);
	const char *name = bt_event_class_get_name(bt_event_borrow_class_const(event));
	const bt_field *payload = bt_event_borrow_payload_field_const(event);

	if (!name || !payload || strncmp(name, PROVIDER, sizeof(PROVIDER) - 1))
		return 0;
	return reading->event(reading->context, name + sizeof(PROVIDER) - 1, &fields,
			      (const struct ctf_event *)payload);
}

static void tell_discarded(struct ctf_reading *reading, const bt_message *message)
{
	uint64_t count;

	if (bt_message_discarded_events_get_count(message, &count) ==
	    BT_PROPERTY_AVAILABILITY_AVAILABLE)
		reading->discarded += count;
	else
		reading->discarded_unknown = 1;
}

static bt_graph_simple_sink_component_consume_func_status consume(bt_message_iterator *messages,
								  void *data)
{
	struct run *run = data;
	bt_message_array_const array_of;
	uint64_t count;
	bt_message_iterator_next_status status =
		bt_message_iterator_next(messages, &array_of, &count);

	if (status != BT_MESSAGE_ITERATOR_NEXT_STATUS_OK)
		return (bt_graph_simple_sink_component_consume_func_status)status;
	for (uint64_t i = 0; i < count; i++) {
		bt_message_type type = bt_message_get_type(array_of[i]);

		if (type == BT_MESSAGE_TYPE_EVENT && !run->result)
			run->result = tell_event(run->reading, array_of[i]);
		else if (type == BT_MESSAGE_TYPE_DISCARDED_EVENTS)
			tell_discarded(run->reading, array_of[i]);
		else if (type == BT_MESSAGE_TYPE_DISCARDED_PACKETS)
			run->reading->discarded_unknown = 1;
		bt_message_put_ref(array_of[i]);
	}
	return run->result ? BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_END :
			     BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_OK;
}

/* ------------------------------------------------------------------ the graph */

/* Keeps the innermost reason of libbabeltrace2's error, if it is the first. */
static int failed(struct ctf_reading *reading)
{
	const bt_error *error = bt_current_thread_take_error();

	if (error && bt_error_get_cause_count(error) && !*reading->message)
		snprintf(reading->message, sizeof(reading->message), "%s",
			 bt_error_cause_get_message(bt_error_borrow_cause_by_index(error, 0)));
	if (error)
		bt_error_release(error);
	if (!*reading->message)
		snprintf(reading->message, sizeof(reading->message), "libbabeltrace2 failed");
	return -EIO;
}

/* A component class of one of libbabeltrace2's own plugins; the plugin stays. */
static const bt_plugin *plugin(const char *name)
{
	const bt_plugin *found = NULL;

	bt_plugin_find(name, BT_TRUE, BT_TRUE, BT_TRUE, BT_TRUE, BT_FALSE, &found);
	return found;
}

/* Adds a source for one trace and connects its streams.  Returns how many they are, or -EIO. */
static int add_source(bt_graph *graph, const bt_component_class_source *class, const char *folder,
		      const bt_component_filter *muxer, uint64_t *inputs)
{
	const bt_component_source *source = NULL;
	bt_value *params = bt_value_map_create(), *list = NULL;
	int64_t ports = -1;

	if (params && !bt_value_map_insert_empty_array_entry(params, "inputs", &list) &&
	    !bt_value_array_append_string_element(list, folder) &&
	    !bt_graph_add_source_component(graph, class, folder, params, BT_LOGGING_LEVEL_NONE,
					   &source))
		ports = (int64_t)bt_component_source_get_output_port_count(source);
	bt_value_put_ref(params);
	for (int64_t i = 0; i < ports; i++) {
		const bt_port_output *out =
			bt_component_source_borrow_output_port_by_index_const(source, (uint64_t)i);
		const bt_port_input *in =
			bt_component_filter_borrow_input_port_by_index_const(muxer, (*inputs)++);

		if (bt_graph_connect_ports(graph, out, in, NULL))
			return -EIO;
	}
	return ports < 0 ? -EIO : (int)ports;
}

/* All sources and the muxer.  One trace that cannot be read does not keep the others from it. */
static int add_sources(bt_graph *graph, struct ctf_reading *reading,
		       const bt_component_filter **muxer)
{
	const bt_plugin *ctf = plugin("ctf"), *utils = plugin("utils");
	const bt_component_class_source *fs =
		ctf ? bt_plugin_borrow_source_component_class_by_name_const(ctf, "fs") : NULL;
	const bt_component_class_filter *mux =
		utils ? bt_plugin_borrow_filter_component_class_by_name_const(utils, "muxer") :
			NULL;
	uint64_t inputs = 0;
	int err = 0;

	if (!fs || !mux) {
		snprintf(reading->message, sizeof(reading->message),
			 "libbabeltrace2 lacks its plugins");
		err = -EIO;
	} else if (bt_graph_add_filter_component(graph, mux, "muxer", NULL, BT_LOGGING_LEVEL_NONE,
						 muxer)) {
		err = failed(reading);
	}
	for (int i = 0; i < folders_count && !err; i++)
		if (add_source(graph, fs, folders[i], *muxer, &inputs) < 0)
			failed(reading);
	if (!err && !inputs)
		err = *reading->message ? -EIO : -ENODATA;
	bt_plugin_put_ref(ctf);
	bt_plugin_put_ref(utils);
	return err;
}

static int run_graph(struct ctf_reading *reading)
{
	struct run run = { .reading = reading };
	const bt_component_filter *muxer = NULL;
	const bt_component_sink *sink = NULL;
	bt_graph *graph = bt_graph_create(0);
	int err = graph ? add_sources(graph, reading, &muxer) : -ENOMEM;

	if (!err && (bt_graph_add_simple_sink_component(graph, "synwalk", NULL, consume, NULL, &run,
							&sink) ||
		     bt_graph_connect_ports(
			     graph, bt_component_filter_borrow_output_port_by_index_const(muxer, 0),
			     bt_component_sink_borrow_input_port_by_index_const(sink, 0), NULL)))
		err = failed(reading);
	if (!err && bt_graph_run(graph) != BT_GRAPH_RUN_STATUS_OK)
		err = failed(reading);
	bt_graph_put_ref(graph);
	if (run.result)
		return run.result;
	return err ? err : *reading->message ? -EIO : 0;
}

/* ------------------------------------------------------------------ folders */

/* A CTF trace is a folder with a file `metadata`. */
static int look(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	if (kind == FTW_F)
		folders_bytes += (uint64_t)st->st_size;
	if (kind != FTW_F || strcmp(path + at->base, "metadata") || folders_count == FOLDERS_MAX)
		return 0;
	folders[folders_count] = strndup(path, (size_t)(at->base > 1 ? at->base - 1 : 1));
	if (folders[folders_count])
		folders_count++;
	return 0;
}

int synwalk_ctf_read(const char *folder, struct ctf_reading *reading)
{
	int err;

	reading->discarded = 0;
	reading->discarded_unknown = 0;
	*reading->message = 0;
	folders_count = 0;
	folders_bytes = 0;
	if (nftw(folder, look, 16, FTW_PHYS) < 0)
		return -errno;
	reading->bytes = folders_bytes;
	err = folders_count ? run_graph(reading) : -ENOENT;
	/* a session that no process has written to */
	if (err == -ENODATA)
		err = 0;
	while (folders_count)
		free(folders[--folders_count]);
	return err;
}
