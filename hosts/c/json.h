/* JSON (RFC 8259) as a tree of values. */
#ifndef EDGETEXT_JSON_H
#define EDGETEXT_JSON_H

#include <stdbool.h>
#include <stddef.h>

typedef enum { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_LIST, JSON_OBJECT } json_kind;

/* name: of an object's member. text: of a string, UTF-8 of `size` bytes and a NUL behind them; a lone
 * surrogate is U+FFFD. number: of a number, which is `whole` where neither a point nor an exponent
 * stands in it. child: the first of `size` items or members; next: the one behind this one. */
typedef struct json json;
struct json {
    json_kind kind;
    bool whole;
    double number;
    char *name;
    char *text;
    size_t size;
    json *child;
    json *next;
};

/* Read the JSON in `source`, of `size` bytes; NULL where it is none or memory is short. *why then is
 * what is wrong. */
json *et_json_read(const char *source, size_t size, const char **why);
void et_json_free(json *value);

/* The last member of that name, as other readers have it; NULL where there is none or `object` is
 * none. */
const json *et_json_member(const json *object, const char *name);
/* NULL unless it is of that kind. */
const json *et_json_of_kind(const json *value, json_kind kind);

#endif
