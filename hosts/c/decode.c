#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"

/* A text has the labels of this score or more: the threshold is in the file. */
static const float CHOSEN = 0.5F;

edgetext_text et_sent(edgetext_text text, const description *about) {
    size_t limit = about->max_bytes + 1;
    if (!text.size) return (edgetext_text){" ", 1};
    if (text.size <= limit) return text;
    const char *begin = text.data;
    return (edgetext_text){about->keeps_end ? begin + text.size - limit : begin, limit};
}

static const edgetext_output *output(const edgetext_answer *answer, const char *name,
                                     edgetext_type type) {
    for (size_t i = 0; i < answer->output_count; i++) {
        const edgetext_output *each = &answer->outputs[i];
        if (strcmp(each->name, name) == 0) return each->type == type ? each : NULL;
    }
    return NULL;
}

static bool missing(const char *name, edgetext_error *error) {
    return et_fail(error, "The model has no output \"%s\" that can be read; export it again.", name);
}

static bool decode_scores(const description *about, edgetext_answer *answer,
                          edgetext_error *error) {
    const edgetext_output *scores = output(answer, "scores", EDGETEXT_FLOAT32);
    if (!scores) return missing("scores", error);
    if (scores->count != about->intent_count)
        return et_fail(error, "The model gave %zu scores for %zu labels; export it again.",
                    scores->count, about->intent_count);
    answer->scores = scores->data;
    answer->score_count = scores->count;
    if (about->has_intent) answer->intent = 0;
    for (size_t i = 0; i < scores->count; i++) {
        float score = answer->scores[i], sure = score < CHOSEN ? 1 - score : score;
        if (about->has_intent && score > answer->scores[answer->intent]) answer->intent = (int)i;
        if (about->has_labels && sure < answer->score) answer->score = sure;
    }
    if (about->has_intent) answer->score = answer->scores[answer->intent];
    return true;
}

static bool decode_span(const description *about, size_t size, const int32_t *row,
                        edgetext_span *span, edgetext_error *error) {
    if (row[0] < 0 || (size_t)row[0] >= about->slot_count)
        return et_fail(error, "The model answered with slot %d of %zu; export it again.", (int)row[0],
                    about->slot_count);
    if (row[1] < 0 || row[1] > row[2] || (size_t)row[2] > size)
        return et_fail(error,
                    "The model answered with bytes %d to %d, but the text has %zu; export it "
                    "again.",
                    (int)row[1], (int)row[2], size);
    *span = (edgetext_span){row[0], (size_t)row[1], (size_t)row[2], NAN};
    return true;
}

/* Spans come by the number of their values: a text without any leaves their shape open. */
static bool decode_spans(const description *about, size_t size, edgetext_answer *answer,
                         edgetext_error *error) {
    const edgetext_output *rows = output(answer, "spans", EDGETEXT_INT32);
    const edgetext_output *scores = output(answer, "span_scores", EDGETEXT_FLOAT32);
    if (!rows) return missing("spans", error);
    size_t count = rows->count / 3;
    if (rows->count % 3 || (scores && scores->count != count))
        return et_fail(error, "The model gave %zu numbers for spans of three each; export it again.",
                    rows->count);
    answer->spans = malloc((count + 1) * sizeof *answer->spans);
    if (!answer->spans) return et_fail(error, "There is no memory for %zu spans.", count);
    for (size_t i = 0; i < count; i++) {
        const int32_t *row = (const int32_t *)rows->data + 3 * i;
        if (!decode_span(about, size, row, &answer->spans[i], error)) return false;
        if (scores) answer->spans[i].score = ((const float *)scores->data)[i];
    }
    answer->span_count = count;
    return true;
}

bool et_decode(const description *about, size_t size, edgetext_answer *answer, edgetext_error *error) {
    const edgetext_output *truncated = output(answer, "truncated", EDGETEXT_INT32);
    const edgetext_output *in_scope = output(answer, "in_scope", EDGETEXT_INT32);
    answer->intent = -1;
    answer->score = 1;
    answer->in_scope = -1;
    if (in_scope && in_scope->count) answer->in_scope = *(const int32_t *)in_scope->data != 0;
    bool is_read = about->has_intent || about->has_labels || about->has_spans;
    if (truncated && truncated->count)
        answer->truncated = *(const int32_t *)truncated->data != 0;
    else if (is_read)
        return missing("truncated", error);
    if ((about->has_intent || about->has_labels) && !decode_scores(about, answer, error))
        return false;
    return !about->has_spans || decode_spans(about, size, answer, error);
}
