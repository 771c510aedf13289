#include <math.h>
#include <stdio.h>

#include "answer.h"

/* How far a score may be off: engines and processors add up in another order. */
static const double TOLERANCE = 0.05;
static const float CHOSEN = 0.5F;

static bool is_near(double one, double other) { return fabs(one - other) <= TOLERANCE; }

static bool damaged(const char *path, const char *name, edgetext_error *error) {
    return et_fail(error,
                "A golden example of the model \"%s\" lacks a right \"%s\"; export it again.", path,
                name);
}

bool et_is_replayed(const char *path, const description *about, edgetext_error *error) {
    if (about->has_intent || about->has_labels || about->has_spans) return true;
    return et_fail(error,
                "The golden examples of the model \"%s\" are of task %s, whose answers this "
                "program does not compare; use edgetext verify.",
                path, about->task);
}

const json *et_text_of(const char *path, const json *row, edgetext_error *error) {
    const json *text = et_json_of_kind(et_json_member(row, "text"), JSON_STRING);
    if (!text) damaged(path, "text", error);
    return text;
}

/* A row of whole numbers, as a span's. */
static bool read_whole(const json *row, size_t count, long *numbers) {
    if (!et_json_of_kind(row, JSON_LIST) || row->size != count) return false;
    for (const json *each = row->child; each; each = each->next) {
        if (each->kind != JSON_NUMBER || !each->whole) return false;
        *numbers++ = (long)each->number;
    }
    return true;
}

static bool compare_spans(const char *path, const json *row, const edgetext_answer *answer,
                          difference *differs, edgetext_error *error) {
    const json *list = et_json_of_kind(et_json_member(row, "spans"), JSON_LIST);
    long told[3];
    size_t at = 0;
    if (!list) return damaged(path, "spans", error);
    for (const json *each = list->child; each; each = each->next, at++) {
        if (!read_whole(each, 3, told))
            return et_fail(error,
                        "A golden example's span is not three numbers; export the model \"%s\" "
                        "again.",
                        path);
        const edgetext_span *span = at < answer->span_count ? &answer->spans[at] : NULL;
        if (!differs->text[0] && span
            && (span->label != told[0] || (long)span->start != told[1]
                || (long)span->end != told[2]))
            snprintf(differs->text, sizeof differs->text,
                     "span %d at %zu-%zu, expected %ld at %ld-%ld", span->label, span->start,
                     span->end, told[0], told[1], told[2]);
    }
    if (at != answer->span_count)
        snprintf(differs->text, sizeof differs->text, "%zu spans, expected %zu",
                 answer->span_count, at);
    return true;
}

/* Both name the labels in their order, so that the next expected one is the next that is there. */
static bool compare_labels(const char *path, const json *row, const edgetext_answer *answer,
                           difference *differs, edgetext_error *error) {
    const json *list = et_json_of_kind(et_json_member(row, "labels"), JSON_LIST);
    if (!list) return damaged(path, "labels", error);
    for (const json *each = list->child; each; each = each->next) {
        const json *label = et_json_of_kind(each, JSON_LIST) ? each->child : NULL;
        if (!label || each->size != 2 || label->kind != JSON_NUMBER || !label->whole
            || label->next->kind != JSON_NUMBER)
            return et_fail(error,
                        "A golden example's label is not a number and its score; export the model "
                        "\"%s\" again.",
                        path);
    }
    for (size_t i = 0; i < answer->score_count; i++) {
        double expected = -1;
        for (const json *each = list->child; each; each = each->next)
            if (each->child->number == (double)i) expected = each->child->next->number;
        bool is_chosen = answer->scores[i] >= CHOSEN;
        if (is_chosen != (expected >= 0))
            snprintf(differs->text, sizeof differs->text, "label %zu %s", i,
                     is_chosen ? "too many" : "is missing");
        else if (is_chosen && !is_near(answer->scores[i], expected))
            snprintf(differs->text, sizeof differs->text, "label %zu with score %g, expected %g",
                     i, (double)answer->scores[i], expected);
    }
    return true;
}

bool et_compare(const char *path, const json *row, const description *about,
             const edgetext_answer *answer, difference *differs, edgetext_error *error) {
    const json *intent = et_json_of_kind(et_json_member(row, "intent"), JSON_NUMBER);
    const json *score = et_json_of_kind(et_json_member(row, "score"), JSON_NUMBER);
    const json *truncated = et_json_member(row, "truncated");
    const json *in_scope = et_json_member(row, "in_scope");
    differs->text[0] = '\0';
    if (about->has_intent && (!intent || !intent->whole)) return damaged(path, "intent", error);
    if (!score) return damaged(path, "score", error);
    if (!truncated || (truncated->kind != JSON_TRUE && truncated->kind != JSON_FALSE))
        return damaged(path, "truncated", error);
    if (about->has_labels && !compare_labels(path, row, answer, differs, error)) return false;
    if (!about->has_labels && !compare_spans(path, row, answer, differs, error)) return false;
    if (differs->text[0]) return true;
    if (about->has_intent && answer->intent != intent->number)
        snprintf(differs->text, sizeof differs->text, "intent %d, expected %.0f", answer->intent,
                 intent->number);
    else if (!is_near(answer->score, score->number))
        snprintf(differs->text, sizeof differs->text, "score %g, expected %g",
                 (double)answer->score, score->number);
    else if (in_scope && answer->in_scope != (in_scope->kind == JSON_TRUE))
        snprintf(differs->text, sizeof differs->text, "in_scope %d, expected %d",
                 answer->in_scope, in_scope->kind == JSON_TRUE);
    else if (answer->truncated != (truncated->kind == JSON_TRUE))
        snprintf(differs->text, sizeof differs->text, "truncated %d, expected %d",
                 answer->truncated, !answer->truncated);
    return true;
}
