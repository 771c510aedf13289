#include "json.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 64 };

typedef struct {
    const char *at;
    const char *end;
    const char *why;
} reader;

static json *read_value(reader *in, int depth);

void et_json_free(json *value) {
    while (value) {
        json *next = value->next;
        et_json_free(value->child);
        free(value->name);
        free(value->text);
        free(value);
        value = next;
    }
}

const json *et_json_member(const json *object, const char *name) {
    const json *last = NULL;
    if (object && object->kind == JSON_OBJECT)
        for (const json *each = object->child; each; each = each->next)
            if (strcmp(each->name, name) == 0) last = each;
    return last;
}

const json *et_json_of_kind(const json *value, json_kind kind) {
    return value && value->kind == kind ? value : NULL;
}

/* Remember the first thing that is wrong. */
static bool broken(reader *in, const char *why) {
    if (!in->why) in->why = why;
    return false;
}

static void skip_space(reader *in) {
    while (in->at < in->end && *in->at && strchr(" \t\r\n", *in->at)) in->at++;
}

static bool next_is(const reader *in, char character) {
    return in->at < in->end && *in->at == character;
}

static bool take(reader *in, char character) {
    skip_space(in);
    if (!next_is(in, character)) return broken(in, "a sign is missing");
    in->at++;
    return true;
}

static size_t put(char *to, uint32_t point) {
    if (point < 0x80) {
        to[0] = (char)point;
        return 1;
    }
    size_t more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    to[0] = (char)((0xFF00 >> (more + 1) & 0xFF) | point >> 6 * more);
    for (size_t i = 1; i <= more; i++) to[i] = (char)(0x80 | (point >> 6 * (more - i) & 0x3F));
    return more + 1;
}

/* The four digits behind "\u"; -1 where they are none. */
static int32_t read_unit(reader *in) {
    int32_t unit = 0;
    if (in->end - in->at < 4) return -1;
    for (int i = 0; i < 4; i++, in->at++) {
        const char *digits = "0123456789abcdef0123456789ABCDEF";
        const char *digit = *in->at ? strchr(digits, *in->at) : NULL;
        if (!digit) return -1;
        unit = 16 * unit + (int32_t)((digit - digits) % 16);
    }
    return unit;
}

/* What stands behind a backslash; no escape is shorter than the bytes that it stands for. */
static bool read_escape(reader *in, char **to) {
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char name = in->at < in->end ? *in->at++ : '\0';
    const char *place = name ? strchr(names, name) : NULL;
    if (place) {
        *(*to)++ = values[place - names];
        return true;
    }
    int32_t unit = name == 'u' ? read_unit(in) : -1;
    if (unit < 0) return broken(in, "an unknown escape");
    uint32_t point = unit >= 0xD800 && unit < 0xE000 ? 0xFFFD : (uint32_t)unit;
    if (unit >= 0xD800 && unit < 0xDC00 && in->end - in->at >= 6 && in->at[0] == '\\'
        && in->at[1] == 'u') {
        const char *back = in->at;
        in->at += 2;
        int32_t low = read_unit(in);
        if (low >= 0xDC00 && low < 0xE000)
            point = 0x10000 + ((uint32_t)(unit - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
        else
            in->at = back;
    }
    *to += put(*to, point);
    return true;
}

static char *read_string(reader *in, size_t *size) {
    const char *stop = in->at + 1;
    while (stop < in->end && *stop != '"') stop += *stop == '\\' ? 2 : 1;
    if (stop >= in->end) {
        broken(in, "a string without end");
        return NULL;
    }
    char *text = malloc((size_t)(stop - in->at) + 1), *to = text;
    if (!text) {
        broken(in, "no memory");
        return NULL;
    }
    for (in->at++; in->at < stop && !in->why;) {
        char next = *in->at++;
        if (next == '\\')
            read_escape(in, &to);
        else if ((unsigned char)next < 0x20)
            broken(in, "a control character in a string");
        else
            *to++ = next;
    }
    if (in->why) {
        free(text);
        return NULL;
    }
    in->at = stop + 1;
    *to = '\0';
    *size = (size_t)(to - text);
    return text;
}

/* Read digits behind those of `number`; the number of them. */
static int read_digits(reader *in, double *number) {
    int count = 0;
    for (; in->at < in->end && *in->at >= '0' && *in->at <= '9'; in->at++, count++)
        *number = 10 * *number + (*in->at - '0');
    return count;
}

/* Not strtod, which reads names and hexadecimal digits, too, and another point in some locales. */
static bool read_number(reader *in, json *value) {
    double exponent = 0, scale = 1;
    int sign = next_is(in, '-') ? -1 : 1, fraction = 0;
    value->kind = JSON_NUMBER;
    value->whole = true;
    in->at += sign < 0;
    bool zero = next_is(in, '0');
    int digits = read_digits(in, &value->number);
    if (!digits) return broken(in, "a value was expected");
    if (zero && digits > 1) return broken(in, "a number with a zero before it");
    if (next_is(in, '.')) {
        in->at++;
        value->whole = false;
        fraction = read_digits(in, &value->number);
        if (!fraction) return broken(in, "a number without digits");
    }
    if (next_is(in, 'e') || next_is(in, 'E')) {
        in->at++;
        value->whole = false;
        bool below = next_is(in, '-');
        in->at += below || next_is(in, '+');
        if (!read_digits(in, &exponent)) return broken(in, "a number without digits");
        if (below) exponent = -exponent;
    }
    exponent -= fraction;
    for (double left = exponent < 0 ? -exponent : exponent; left > 0 && isfinite(scale); left--)
        scale *= 10;
    value->number = sign * (exponent < 0 ? value->number / scale : value->number * scale);
    return isfinite(value->number) ? true : broken(in, "a number too large");
}

static bool read_word(reader *in, json *value, const char *word, json_kind kind) {
    size_t size = strlen(word);
    if ((size_t)(in->end - in->at) < size || memcmp(in->at, word, size) != 0)
        return broken(in, "a value was expected");
    in->at += size;
    value->kind = kind;
    return true;
}

static json *read_member(reader *in, int depth) {
    size_t size;
    skip_space(in);
    if (!next_is(in, '"')) {
        broken(in, "a name was expected");
        return NULL;
    }
    char *name = read_string(in, &size);
    json *member = name && take(in, ':') ? read_value(in, depth) : NULL;
    if (member)
        member->name = name;
    else
        free(name);
    return member;
}

/* The items of a list or the members of an object. */
static bool read_items(reader *in, json *value, int depth) {
    char close = *in->at == '{' ? '}' : ']';
    json **last = &value->child;
    value->kind = close == '}' ? JSON_OBJECT : JSON_LIST;
    in->at++;
    skip_space(in);
    if (next_is(in, close)) return take(in, close);
    while (true) {
        *last = close == '}' ? read_member(in, depth) : read_value(in, depth);
        if (!*last) return false;
        last = &(*last)->next;
        value->size++;
        skip_space(in);
        if (next_is(in, close)) return take(in, close);
        if (!take(in, ',')) return false;
    }
}

static json *read_value(reader *in, int depth) {
    skip_space(in);
    if (depth > MAX_DEPTH || in->at >= in->end) {
        broken(in, depth > MAX_DEPTH ? "too many levels" : "it ends too early");
        return NULL;
    }
    json *value = calloc(1, sizeof *value);
    if (!value) {
        broken(in, "no memory");
        return NULL;
    }
    switch (*in->at) {
        case '{':
        case '[': read_items(in, value, depth + 1); break;
        case '"':
            value->kind = JSON_STRING;
            value->text = read_string(in, &value->size);
            break;
        case 't': read_word(in, value, "true", JSON_TRUE); break;
        case 'f': read_word(in, value, "false", JSON_FALSE); break;
        case 'n': read_word(in, value, "null", JSON_NULL); break;
        default: read_number(in, value);
    }
    if (!in->why) return value;
    et_json_free(value);
    return NULL;
}

json *et_json_read(const char *source, size_t size, const char **why) {
    reader in = {source, source + size, NULL};
    json *value = read_value(&in, 0);
    skip_space(&in);
    if (value && in.at != in.end) broken(&in, "text after the value");
    if (in.why) {
        et_json_free(value);
        value = NULL;
    }
    *why = in.why;
    return value;
}
