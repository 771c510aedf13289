/* Ask a model: sample MODEL.onnx TEXT..., where "-" is what stands on standard input.
 * sample MODEL.onnx --raw TEXT...    the tensors, of the very bytes
 * sample MODEL.onnx --verify         replay the golden examples: status 1 where one is not alike */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "edgetext.h"

enum { BAD_INPUT = 2, MOST_BYTES = 1 << 20 };

static int refuse(const char *sentence) {
    fprintf(stderr, "sample: error: %s\n", sentence);
    return BAD_INPUT;
}

static void print_tensor(const edgetext_output *tensor) {
    printf("%s [", tensor->name);
    for (size_t i = 0; i < tensor->rank; i++)
        printf("%s%" PRId64, i ? ", " : "", tensor->shape[i]);
    printf("]");
    for (size_t i = 0; i < tensor->count; i++) switch (tensor->type) {
            case EDGETEXT_FLOAT32: printf(" %.6g", (double)((const float *)tensor->data)[i]); break;
            case EDGETEXT_UINT8: printf(" %u", ((const uint8_t *)tensor->data)[i]); break;
            case EDGETEXT_INT32: printf(" %" PRId32, ((const int32_t *)tensor->data)[i]); break;
            case EDGETEXT_INT64: printf(" %" PRId64, ((const int64_t *)tensor->data)[i]); break;
        }
    printf("\n");
}

static void print_answer(const edgetext_model *model, const edgetext_answer *answer,
                         const char *text) {
    if (answer->intent >= 0)
        printf("intent %s %.6f\n", edgetext_intent(model, answer->intent), (double)answer->score);
    else
        for (size_t i = 0; i < answer->score_count; i++)
            if (answer->scores[i] >= 0.5F)
                printf("label %s %.6f\n", edgetext_intent(model, (int)i), (double)answer->scores[i]);
    for (size_t i = 0; i < answer->span_count; i++) {
        const edgetext_span *span = &answer->spans[i];
        printf("span %s %zu %zu", edgetext_slot(model, span->label), span->start, span->end);
        if (!isnan(span->score)) printf(" %.6f", (double)span->score);
        putchar(' ');
        fwrite(text + span->start, 1, span->end - span->start, stdout);
        putchar('\n');
    }
    if (answer->intent < 0 && answer->spans && !answer->span_count) printf("nothing\n");
    if (!answer->in_scope) printf("out of scope\n");
    if (answer->truncated) printf("truncated\n");
    if (!answer->score_count && !answer->spans)
        for (size_t i = 0; i < answer->output_count; i++) print_tensor(&answer->outputs[i]);
}

static int ask(const edgetext_model *model, char **words, size_t count, bool raw) {
    static char piped[MOST_BYTES + 1];
    edgetext_error error;
    edgetext_answer answer;
    edgetext_text texts[2] = {{NULL, 0}};
    for (size_t i = 0; i < count; i++) {
        texts[i] = (edgetext_text){words[i], strlen(words[i])};
        if (!strcmp(words[i], "-"))
            texts[i] = (edgetext_text){piped, fread(piped, 1, sizeof piped, stdin)};
        if (texts[i].size > MOST_BYTES) return refuse("standard input has more than 1 MiB; give less.");
    }
    bool answered = raw ? edgetext_run(model, texts, count, &answer, &error)
                        : edgetext_predict(model, texts, count, &answer, &error);
    if (!answered) return refuse(error.text);
    for (size_t i = 0; raw && i < answer.output_count; i++) print_tensor(&answer.outputs[i]);
    if (!raw) print_answer(model, &answer, texts[count - 1].data);
    printf("\n");
    edgetext_answer_free(&answer);
    return 0;
}

static void print_failed(void *context, const char *text, const char *difference) {
    fprintf(context, "\"%s\": %s\n", text, difference);
}

static int verify(const edgetext_model *model) {
    edgetext_error error;
    size_t passed, total;
    if (!edgetext_verify(model, &passed, &total, print_failed, stdout, &error))
        return refuse(error.text);
    printf("%zu of %zu golden examples answered alike in ONNX Runtime %s\n", passed, total,
           edgetext_runtime_release());
    return passed == total && total ? 0 : 1;
}

int main(int count, char **words) {
    edgetext_error error;
    if (count < 3) return refuse("give a model and a text, or --verify: MODEL.onnx TEXT.");
    edgetext_model *model = edgetext_open(words[1], 1, &error);
    if (!model) return refuse(error.text);
    bool raw = !strcmp(words[2], "--raw");
    size_t each = edgetext_input_count(model), at = raw ? 3 : 2, end = (size_t)count;
    int status = 0;
    if (!strcmp(words[2], "--verify"))
        status = verify(model);
    else if (at == end)
        status = refuse("give a text after --raw.");
    else if ((end - at) % each || each > 2)
        status = refuse("this model reads two texts; give both.");
    else
        for (; !status && at < end; at += each) status = ask(model, words + at, each, raw);
    edgetext_close(model);
    if (fflush(stdout) || ferror(stdout)) return refuse("the answer could not be written; make room.");
    return status;
}
