/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * The scenario language: packetdrill's, with synwalk's additions (docs/scenarios.md).
 *
 * The grammar says what a line looks like; the functions of parse.c that it calls check what a
 * grammar cannot (a sequence range and its length agree, a name is known) and put the parts
 * together. YYABORT after a complaint: the first one is the one that counts.
 */

%define api.pure full
%define api.prefix {script_yy}
%define parse.error custom
%define parse.lac full
%locations
%parse-param { struct script *script } { void *scanner }
%lex-param { void *scanner }

%code requires {
#include "viewer/script/script.h"

/* What a line's beginning says about time. */
struct when {
	enum time_kind kind;
	int64_t begin, end;
	int blocking, range;
};

/* A sequence range, begin:end(length). */
struct range {
	uint32_t seq, length;
};

/* A number with its text: a cookie's digits are no quantity. */
struct number {
	int64_t value;
	const char *text;
};
}

%code {
#include <stdio.h>
#include <string.h>

#include "viewer/script/parse.h"

int script_yylex(SCRIPT_YYSTYPE *lval, SCRIPT_YYLTYPE *lloc, void *scanner);
static void script_yyerror(SCRIPT_YYLTYPE *loc, struct script *script, void *scanner,
			   const char *message);
#define TRY(expression) do { if (expression) YYABORT; } while (0)
}

%union {
	struct number number;
	const char *text;
	struct { const char *bytes; size_t length; } string;
	struct when when;
	struct range range;
	struct value *value;
	struct tcp_option *option;
	struct packet *packet;
	struct event *event;
	struct call *call;
	uint32_t word;
	int64_t ns;
	uint8_t flags;
}

%token END 0            "the end of the script"
%token SCANNED_ERROR    "an error"
%token <text> OPTION    "an --option"
%token <text> ADDRESS   "an IPv4 address"
%token <text> MAC       "an Ethernet address"
%token <number> NUMBER  "a number"
%token <ns> FRACTION    "a number of seconds"
%token <text> WORD      "a word"
%token <string> STRING  "a string"
%token <text> COMMAND   "a `command`"
%token ELLIPSIS         "'...'"
%token EQUAL "'=='" UNEQUAL "'!='" LESS_EQUAL "'<='" GREATER_EQUAL "'>='"
%token CODE_BEGIN "'%{'" CODE_END "'}%'"
%token <text> ACK "'ack'" WIN "'win'" URG "'urg'" MSS "'mss'" NOP "'nop'" EOL "'eol'"
%token <text> SACKOK "'sackOK'" SACK "'sack'" WSCALE "'wscale'" TS "'TS'" VAL "'val'" ECR "'ecr'"
%token <text> FO "'FO'" FOEXP "'FOEXP'" MD5 "'md5'" KIND "'kind'"
%token <text> ICMP "'icmp'" TYPE "'type'" CODE "'code'" MTU "'mtu'" UDP "'udp'" ARP "'arp'" WHO_HAS "'who-has'"
%token <text> TELL "'tell'" IS_AT "'is-at'" IPV4 "'ipv4'" RAW "'raw'" FRAME "'frame'" SEED "'seed'"
%token <text> ASSERT "'assert'" AND "'and'" OR "'or'" NOT "'not'"

%type <when> time
%type <ns> seconds
%type <event> event
%type <call> call
%type <value> arguments argument_list value or_value fields field_list field result
%type <value> expression comparison sum term asserts assert_list one_assert
%type <value> ip_items ip_item icmp_head icmp_name
%type <packet> packet inbound outbound body tcp tcp_head icmp head
%type <flags> flags
%type <range> range
%type <option> options option_list option sack_block
%type <text> hex
%type <word> address

%left OR
%left AND
%precedence NOT

%%

script: %empty | script line;

line: OPTION                    { TRY(parse_setting(script, &@1, $1)); }
    | SEED NUMBER               { script->has_seed = true; script->seed = (uint64_t)$2.value; }
    | COMMAND                   {
		struct when now = { .kind = TIME_RELATIVE };

		parse_event(script, &@1, &now, parse_setup(script, $1));
	}
    | time event                { TRY(parse_timed(script, &@1, &$1, $2)); }
    ;

time: seconds                   { $$ = (struct when){ TIME_ABSOLUTE, $1, $1, 0, 0 }; }
    | '+' seconds               { $$ = (struct when){ TIME_RELATIVE, $2, $2, 0, 0 }; }
    | '*'                       { $$ = (struct when){ TIME_ANY, 0, 0, 0, 0 }; }
    | seconds ELLIPSIS seconds  { $$ = (struct when){ TIME_ABSOLUTE, $1, $3, 1, 0 }; }
    | '+' seconds ELLIPSIS seconds      { $$ = (struct when){ TIME_RELATIVE, $2, $4, 1, 0 }; }
    | '+' seconds ELLIPSIS '+' seconds  { $$ = (struct when){ TIME_RELATIVE, $2, $5, 1, 0 }; }
    | seconds '~' seconds       { $$ = (struct when){ TIME_ABSOLUTE, $1, $3, 0, 1 }; }
    | '+' seconds '~' '+' seconds       { $$ = (struct when){ TIME_RELATIVE, $2, $5, 0, 1 }; }
    ;

seconds: FRACTION
    | NUMBER                    { TRY(parse_whole_seconds(script, &@1, &$1, &$$)); }
    ;

event: call                     { $$ = parse_call_event(script, $1); }
    | WORD ':' call             { $$ = parse_call_event(script, $3); $3->task = $1; }
    | packet                    { TRY(parse_packet_event(script, &@1, $1, &$$)); }
    | COMMAND                   { $$ = parse_setup(script, $1); }
    | CODE_BEGIN asserts CODE_END       { $$ = parse_asserts(script, $2); }
    ;

/* ---- system calls ---- */

call: WORD '(' arguments ')' '=' result         { $$ = parse_call(script, $1, $3, $6); }
    | WORD '(' arguments ')' '=' result note    { $$ = parse_call(script, $1, $3, $6); }
    | WORD '(' arguments ')' '=' result WORD    {
		$$ = parse_call(script, $1, $3, $6);
		TRY(parse_call_error(script, &@7, $$, $7));
	}
    | WORD '(' arguments ')' '=' result WORD note       {
		$$ = parse_call(script, $1, $3, $6);
		TRY(parse_call_error(script, &@7, $$, $7));
	}
    ;

arguments: %empty               { $$ = NULL; }
    | argument_list
    ;
argument_list: value
    | argument_list ',' value   { $$ = parse_append($1, $3); }
    ;

value: or_value
    | value '|' or_value        { $$ = parse_operation(script, &@2, "|", $1, $3); }
    ;
or_value: NUMBER                { $$ = parse_number(script, &@1, $1.value); }
    | '-' NUMBER                { $$ = parse_number(script, &@1, -$2.value); }
    | WORD                      { $$ = parse_text(script, &@1, VALUE_NAME, $1, 0); }
    | STRING                    { $$ = parse_text(script, &@1, VALUE_STRING, $1.bytes, $1.length); }
    | ELLIPSIS                  { $$ = parse_text(script, &@1, VALUE_ANY, "...", 0); }
    | '[' arguments ']'         { $$ = parse_group(script, &@1, VALUE_LIST, "", $2); }
    | '{' fields '}'            { $$ = parse_group(script, &@1, VALUE_STRUCT, "", $2); }
    | WORD '(' arguments ')'    { $$ = parse_group(script, &@1, VALUE_FUNCTION, $1, $3); }
    ;

fields: %empty                  { $$ = NULL; }
    | field_list
    ;
field_list: field
    | field_list ',' field      { $$ = parse_append($1, $3); }
    ;
field: WORD '=' value           { $$ = parse_group(script, &@1, VALUE_FIELD, $1, $3); }
    | WORD '(' arguments ')' '=' value  { $$ = parse_group(script, &@1, VALUE_FIELD, $1, $6); }
    | value
    ;

result: NUMBER                  { $$ = parse_number(script, &@1, $1.value); }
    | '-' NUMBER                { $$ = parse_number(script, &@1, -$2.value); }
    | ELLIPSIS                  { $$ = parse_text(script, &@1, VALUE_ANY, "...", 0); }
    ;

/* What strace says in parentheses: read by people only. */
note: '(' note_words ')';
note_words: %empty | note_words note_word;
note_word: WORD | NUMBER | keyword | STRING | '|' | '-' | '/' | ',' | '.' | ':' | '=' | note;
keyword: ACK | WIN | URG | MSS | NOP | EOL | SACKOK | SACK | WSCALE | TS | VAL | ECR | FO | FOEXP
    | MD5 | KIND | ICMP | TYPE | CODE | MTU | UDP | ARP | TELL | IPV4 | RAW | FRAME | SEED | ASSERT | AND | OR | NOT;

/* ---- conditions ---- */

asserts: %empty                 { $$ = NULL; }
    | assert_list
    | assert_list ';'
    ;
assert_list: one_assert
    | assert_list one_assert            { $$ = parse_append($1, $2); }
    | assert_list ';' one_assert        { $$ = parse_append($1, $3); }
    ;
one_assert: ASSERT expression           { $$ = parse_group(script, &@2, VALUE_LIST, "", $2); }
    | ASSERT expression ',' expression  { $$ = parse_group(script, &@2, VALUE_LIST, "", $2); }
    ;

expression: comparison
    | expression OR expression  { $$ = parse_operation(script, &@2, "or", $1, $3); }
    | expression AND expression { $$ = parse_operation(script, &@2, "and", $1, $3); }
    | NOT expression            { $$ = parse_operation(script, &@1, "not", $2, NULL); }
    ;
comparison: sum
    | sum EQUAL sum             { $$ = parse_operation(script, &@2, "==", $1, $3); }
    | sum UNEQUAL sum           { $$ = parse_operation(script, &@2, "!=", $1, $3); }
    | sum '<' sum               { $$ = parse_operation(script, &@2, "<", $1, $3); }
    | sum '>' sum               { $$ = parse_operation(script, &@2, ">", $1, $3); }
    | sum LESS_EQUAL sum        { $$ = parse_operation(script, &@2, "<=", $1, $3); }
    | sum GREATER_EQUAL sum     { $$ = parse_operation(script, &@2, ">=", $1, $3); }
    ;
sum: term
    | sum '+' term              { $$ = parse_operation(script, &@2, "+", $1, $3); }
    | sum '-' term              { $$ = parse_operation(script, &@2, "-", $1, $3); }
    | sum '*' term              { $$ = parse_operation(script, &@2, "*", $1, $3); }
    | sum '&' term              { $$ = parse_operation(script, &@2, "&", $1, $3); }
    | sum '|' term              { $$ = parse_operation(script, &@2, "|", $1, $3); }
    ;
term: NUMBER                    { $$ = parse_number(script, &@1, $1.value); }
    | '-' NUMBER                { $$ = parse_number(script, &@1, -$2.value); }
    | WORD                      { $$ = parse_text(script, &@1, VALUE_NAME, $1, 0); }
    | STRING                    { $$ = parse_text(script, &@1, VALUE_STRING, $1.bytes, $1.length); }
    | WORD '(' STRING ')'       {
		$$ = parse_group(script, &@1, VALUE_FUNCTION, $1,
				 parse_text(script, &@3, VALUE_STRING, $3.bytes, $3.length));
	}
    | '(' expression ')'        { $$ = $2; }
    ;

/* ---- packets ---- */

packet: outbound | inbound;
outbound: '>' body              { $$ = $2; $$->out = true; };
inbound: '<' body               { $$ = $2; };

body: tcp
    | icmp
    | UDP '(' NUMBER ')'        { TRY(parse_udp(script, &@3, &$3, &$$)); }
    | ARP WORD WHO_HAS address TELL address     {
		TRY(parse_arp(script, &@2, $2, 1, $4, $6, NULL, &$$));
	}
    | ARP WORD address IS_AT MAC        { TRY(parse_arp(script, &@2, $2, 2, 0, $3, $5, &$$)); }
    | RAW STRING                { TRY(parse_bytes(script, &@2, $2.bytes, $2.length, 0, &$$)); }
    | FRAME STRING              { TRY(parse_bytes(script, &@2, $2.bytes, $2.length, 1, &$$)); }
    ;

address: ADDRESS                { TRY(parse_address(script, &@1, $1, &$$)); };

tcp: tcp_head
    | tcp_head '<' options '>'  { TRY(parse_options(script, &@3, $1, $3)); }
    | tcp_head '<' ELLIPSIS '>' { $1->any_options = true; }
    ;

/* What stands before the flags, in the order of the headers. */
head: %empty                    { $$ = parse_packet(script); }
    | head '(' ip_items ')'     { TRY(parse_ip_items(script, $1, $3)); }
    | head '[' ip_items ']'     { TRY(parse_ip_items(script, $1, $3)); }
    | head IPV4 address '>' address ':' {
		$1->has_addresses = true;
		$1->source = $3;
		$1->destination = $5;
	}
    | head NUMBER '>' NUMBER    { TRY(parse_ports(script, &@2, $1, &$2, &$4)); }
    ;
ip_items: ip_item
    | ip_items ',' ip_item      { $$ = parse_append($1, $3); }
    ;
ip_item: WORD                   { $$ = parse_group(script, &@1, VALUE_FIELD, $1, NULL); }
    | WORD NUMBER               {
		$$ = parse_group(script, &@1, VALUE_FIELD, $1, parse_number(script, &@2, $2.value));
	}
    ;

tcp_head: head flags range      {
		$$ = $1;
		$$->flags = $2;
		$$->has_seq = true;
		$$->seq = $3.seq;
		$$->length = $3.length;
	}
    | tcp_head ACK NUMBER       { TRY(parse_ack(script, &@2, &@3, $1, &$3)); }
    | tcp_head WIN NUMBER       { TRY(parse_window(script, &@3, $1, &$3)); }
    | tcp_head WIN '*'          { $1->window = -2; }
    | tcp_head URG NUMBER       { TRY(parse_urgent(script, &@3, $1, &$3)); }
    ;

flags: WORD                     { TRY(parse_flags(script, &@1, $1, 0, &$$)); }
    | WORD '.'                  { TRY(parse_flags(script, &@1, $1, 1, &$$)); }
    | '.'                       { TRY(parse_flags(script, &@1, "", 1, &$$)); }
    | '-'                       { TRY(parse_flags(script, &@1, "", 0, &$$)); }
    ;

range: NUMBER ':' NUMBER '(' NUMBER ')' { TRY(parse_range(script, &@1, &$1, &$3, &$5, &$$)); };

/* packetdrill writes the quoted segment before or after the ICMP message. */
icmp: head icmp_head            { TRY(parse_icmp(script, &@2, $1, $2, NULL, &$$)); }
    | head icmp_head '[' range ']'      { TRY(parse_icmp(script, &@2, $1, $2, &$4, &$$)); }
    | head '[' range ']' icmp_head      { TRY(parse_icmp(script, &@5, $1, $5, &$3, &$$)); }
    ;
icmp_head: ICMP icmp_name       { $$ = parse_group(script, &@2, VALUE_LIST, "", $2); }
    | icmp_head icmp_name       { parse_append($1->child, $2); $$ = $1; }
    | icmp_head MTU NUMBER      { TRY(parse_mtu(script, &@3, $1, &$3)); $$ = $1; }
    ;
icmp_name: WORD                 { $$ = parse_text(script, &@1, VALUE_NAME, $1, 0); }
    | TYPE NUMBER               {
		TRY(parse_limit(script, &@2, "type", &$2, 255));
		$$ = parse_number(script, &@2, $2.value);
	}
    | CODE NUMBER               {
		TRY(parse_limit(script, &@2, "code", &$2, 255));
		$$ = parse_number(script, &@2, $2.value);
	}
    ;

options: %empty                 { $$ = NULL; }
    | option_list
    ;
option_list: option
    | option_list ',' option    { $$ = parse_append_option($1, $3); }
    ;
option: EOL                     { $$ = parse_option(script, &@1, OPTION_EOL, 0, 0); }
    | NOP                       { $$ = parse_option(script, &@1, OPTION_NOP, 0, 0); }
    | SACKOK                    { $$ = parse_option(script, &@1, OPTION_SACKOK, 0, 0); }
    | MSS NUMBER                {
		TRY(parse_limit(script, &@2, "mss", &$2, 65535));
		$$ = parse_option(script, &@1, OPTION_MSS, (uint32_t)$2.value, 0);
	}
    | WSCALE NUMBER             {
		TRY(parse_limit(script, &@2, "wscale", &$2, 255));
		$$ = parse_option(script, &@1, OPTION_WSCALE, (uint32_t)$2.value, 0);
	}
    | TS VAL NUMBER ECR NUMBER  {
		TRY(parse_limit(script, &@3, "TS val", &$3, UINT32_MAX));
		TRY(parse_limit(script, &@5, "TS ecr", &$5, UINT32_MAX));
		$$ = parse_option(script, &@1, OPTION_TS, (uint32_t)$3.value, (uint32_t)$5.value);
	}
    | SACK sack_block           { $$ = $2; $$->at = (struct at){ @1.first_line, @1.first_column }; }
    | FO                        { $$ = parse_option(script, &@1, OPTION_FO, 0, 0); }
    | FO hex                    { TRY(parse_hex_option(script, &@2, OPTION_FO, $2, &$$)); }
    | FOEXP                     { TRY(parse_hex_option(script, &@1, OPTION_EXP, "f989", &$$)); }
    | FOEXP hex                 { TRY(parse_exp_option(script, &@2, $2, &$$)); }
    | MD5 STRING                { TRY(parse_md5_key(script, &@2, $2.bytes, $2.length, &$$)); }
    | MD5 hex                   { TRY(parse_hex_option(script, &@2, OPTION_MD5, $2, &$$)); }
    | KIND NUMBER               { TRY(parse_raw_option(script, &@2, &$2, "", &$$)); }
    | KIND NUMBER hex           { TRY(parse_raw_option(script, &@3, &$2, $3, &$$)); }
    ;
sack_block: NUMBER ':' NUMBER   { TRY(parse_sack(script, &@1, NULL, &$1, &$3, &$$)); }
    | sack_block NUMBER ':' NUMBER      { TRY(parse_sack(script, &@2, $1, &$2, &$4, &$$)); }
    ;
hex: WORD
    | NUMBER                    { $$ = $1.text; }
    ;

%%

/* The words that begin a line: together they are "the next line". */
static int begins_line(yysymbol_kind_t token)
{
	switch (token) {
	case YYSYMBOL_YYEOF:
	case YYSYMBOL_OPTION:
	case YYSYMBOL_NUMBER:
	case YYSYMBOL_FRACTION:
	case YYSYMBOL_COMMAND:
	case YYSYMBOL_SEED:
		return 1;
	default:
		return !strcmp(yysymbol_name(token), "'+'") || !strcmp(yysymbol_name(token), "'*'");
	}
}

/* "unexpected X: expected Y or Z" at the place of X. */
static int yyreport_syntax_error(const yypcontext_t *context, struct script *script, void *scanner)
{
	enum { MOST = 24 };
	yysymbol_kind_t all[MOST];
	const char *names[MOST + 1];
	yysymbol_kind_t token = yypcontext_token(context);
	int n = yypcontext_expected_tokens(context, all, MOST);
	int next_line = 0, count = 0;
	char list[512] = "";
	size_t used = 0;

	(void)scanner;
	for (int i = 0; i < n; i++)
		next_line |= all[i] == YYSYMBOL_OPTION;
	for (int i = 0; i < n; i++) {
		if (!next_line || !begins_line(all[i]))
			names[count++] = yysymbol_name(all[i]);
	}
	if (next_line)
		names[count++] = "the next line, which begins with a time, '+' or '*'";
	for (int i = 0; i < count && used < sizeof(list); i++)
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
					 i == 0 ? "" : i == count - 1 ? " or " : ", ", names[i]);
	parse_unexpected(script, yypcontext_location(context),
			 token == YYSYMBOL_YYEMPTY ? "nothing" : yysymbol_name(token),
			 count ? list : "something else");
	return 0;
}

static void script_yyerror(SCRIPT_YYLTYPE *loc, struct script *script, void *scanner,
			   const char *message)
{
	(void)scanner;
	parse_error_at(script, loc, "%s", message);
}
