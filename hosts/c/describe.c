/* What an artifact says of itself: contract version 1 (docs/contract.md). */
#include <stdlib.h>
#include <string.h>

#include "artifact.h"

/* A file of edgetext 0.1 does not tell its oldest release. */
static const char UNTOLD[] = "1.32.0";

static bool wrong_field(const char *path, const char *name, edgetext_error *error) {
    return et_fail(error,
                "The model \"%s\" has a field \"%s\" that is missing or of the wrong kind; export "
                "it again.",
                path, name);
}

static bool read_names(const char *path, const json *labels, const char *kind, const char ***names,
                       size_t *count, edgetext_error *error) {
    const json *list = et_json_of_kind(et_json_member(labels, kind), JSON_LIST);
    if (!list) return wrong_field(path, "labels", error);
    *names = calloc(list->size + 1, sizeof **names);
    if (!*names) return et_fail(error, "There is no memory to open \"%s\".", path);
    for (const json *each = list->child; each; each = each->next) {
        if (each->kind != JSON_STRING) return wrong_field(path, "labels", error);
        (*names)[(*count)++] = each->text;
    }
    return true;
}

static bool is_digit(char character) { return character >= '0' && character <= '9'; }

static bool read_release(const char *path, description *about, edgetext_error *error) {
    const json *told = et_json_member(about->fields, "oldest_runtime");
    if (told && told->kind != JSON_STRING) return wrong_field(path, "oldest_runtime", error);
    about->oldest_runtime = told ? told->text : UNTOLD;
    if (!is_digit(about->oldest_runtime[0]))
        return et_fail(error,
                    "The model \"%s\" has a field \"oldest_runtime\" that is no release; export "
                    "it again.",
                    path);
    return true;
}

static bool read_contract(const char *path, const json *fields, edgetext_error *error) {
    const json *contract = et_json_of_kind(et_json_member(fields, "contract"), JSON_NUMBER);
    if (!contract || !contract->whole) return wrong_field(path, "contract", error);
    if (contract->number > EDGETEXT_CONTRACT)
        return et_fail(error,
                    "The model \"%s\" is of contract %.0f, and this program reads %d and older; "
                    "upgrade the program, or export the model for one text at a time.",
                    path, contract->number, EDGETEXT_CONTRACT);
    return true;
}

static void read_task(description *about) {
    about->has_intent = !strcmp(about->task, "classify") || !strcmp(about->task, "joint");
    about->has_labels = !strcmp(about->task, "multi_label");
    about->has_spans = !strcmp(about->task, "joint") || !strcmp(about->task, "tag");
    about->keeps_end = !strcmp(about->task, "lm");
}

bool et_describe(const char *path, edgetext_text metadata, description *about, edgetext_error *error) {
    const char *why;
    memset(about, 0, sizeof *about);
    about->fields = et_json_read(metadata.data, metadata.size, &why);
    if (!about->fields)
        return et_fail(error, "The description of the model \"%s\" is damaged (%s); export it again.",
                    path, why);
    if (!read_contract(path, about->fields, error)) return false;
    const json *task = et_json_of_kind(et_json_member(about->fields, "task"), JSON_STRING);
    const json *limit = et_json_of_kind(et_json_member(about->fields, "max_bytes"), JSON_NUMBER);
    const json *labels = et_json_of_kind(et_json_member(about->fields, "labels"), JSON_OBJECT);
    if (!task) return wrong_field(path, "task", error);
    if (!limit || !limit->whole) return wrong_field(path, "max_bytes", error);
    if (!labels) return wrong_field(path, "labels", error);
    about->task = task->text;
    read_task(about);
    bool is_scored = about->has_intent || about->has_labels;
    if (is_scored
        && !read_names(path, labels, "intent", &about->intents, &about->intent_count, error))
        return false;
    if (about->has_spans
        && !read_names(path, labels, "slots", &about->slots, &about->slot_count, error))
        return false;
    if ((is_scored && !about->intent_count) || limit->number < 1)
        return et_fail(error, "The model \"%s\" has no labels or no byte limit; export it again.",
                    path);
    about->max_bytes = (size_t)limit->number;
    return read_release(path, about, error);
}

void et_describe_free(description *about) {
    et_json_free(about->fields);
    free(about->intents);
    free(about->slots);
    memset(about, 0, sizeof *about);
}

/* The next of a release's leading numbers; behind it only a dot and a digit go on. */
static long next_number(const char **at) {
    long number = 0;
    while (is_digit(**at) && number < 100000000) number = 10 * number + *(*at)++ - '0';
    *at = (*at)[0] == '.' && is_digit((*at)[1]) ? *at + 1 : "";
    return number;
}

bool et_check_release(const char *path, const description *about, const char *here,
                   edgetext_error *error) {
    const char *left = here, *right = about->oldest_runtime;
    long difference = 0;
    while (!difference && (*left || *right)) difference = next_number(&left) - next_number(&right);
    if (difference >= 0) return true;
    return et_fail(error,
                "The model \"%s\" needs ONNX Runtime %s or newer, and this is %s; upgrade it, or "
                "export the model again with a newer edgetext.",
                path, about->oldest_runtime, here);
}
