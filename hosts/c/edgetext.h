/* A host in C of the .onnx files that `edgetext export` writes, over ONNX Runtime's C API.
 *
 * Open a file, give it UTF-8 bytes, read label scores and spans in bytes, free everything:
 *
 *     edgetext_error error;
 *     edgetext_model *model = edgetext_open("model.onnx", 1, &error);
 *     edgetext_text text = {"wake me up at 7:30", 18};
 *     edgetext_answer answer;
 *     if (model && edgetext_predict(model, &text, 1, &answer, &error)) {
 *         printf("%s\n", edgetext_intent(model, answer.intent));
 *         edgetext_answer_free(&answer);
 *     }
 *     edgetext_close(model);
 *
 * A model may be asked from several threads at once; opening and closing are one thread's. */
#ifndef EDGETEXT_H
#define EDGETEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The newest contract that this host reads (docs/contract.md). */
#define EDGETEXT_CONTRACT 1

/* What went wrong, as one sentence that can be shown to a person. */
typedef struct {
    char text[768];
} edgetext_error;

/* UTF-8 as it came; bytes that are none are read as U+FFFD. `data` may be NULL where size is 0. */
typedef struct {
    const void *data;
    size_t size;
} edgetext_text;

/* The numbers are those of ONNX Runtime's element types. */
typedef enum {
    EDGETEXT_FLOAT32 = 1,
    EDGETEXT_UINT8 = 2,
    EDGETEXT_INT32 = 6,
    EDGETEXT_INT64 = 7
} edgetext_type;

/* A tensor as the file gave it: `count` elements of `type`, of `rank` dimensions. */
typedef struct {
    const char *name;
    edgetext_type type;
    size_t rank;
    const int64_t *shape;
    size_t count;
    const void *data;
} edgetext_output;

/* A labeled piece of the text: bytes start to end - 1. score: NAN where the file does not tell it. */
typedef struct {
    int label;
    size_t start;
    size_t end;
    float score;
} edgetext_span;

/* One answer, which edgetext_answer_free frees; all pointers are into it.
 *
 * intent: the likeliest label of the text; -1 in a task without one. score: its probability; of
 * several labels a text how sure the least sure decision is; else 1. scores: of each label, in the
 * order of edgetext_intent. in_scope: 1 where the text is about something that the labels say, 0 where
 * it is not, -1 of a file that does not tell. outputs: all tensors, for tasks that this host does not put names to. */
typedef struct {
    int intent;
    float score;
    const float *scores;
    size_t score_count;
    edgetext_span *spans;
    size_t span_count;
    bool truncated;
    int in_scope;
    edgetext_output *outputs;
    size_t output_count;
    void *owned;
} edgetext_answer;

typedef struct edgetext_model edgetext_model;

/* Check and load a file. threads: of the engine within one answer. NULL where the file is missing,
 * damaged, no model of edgetext, of a newer contract or for a newer ONNX Runtime than is here; the
 * engine sees the file last, since one that is too old may end the process. */
edgetext_model *edgetext_open(const char *path, int threads, edgetext_error *error);

/* NULL is let be. */
void edgetext_close(edgetext_model *model);

/* Answer a text, or as many as edgetext_input_count says. An empty text is sent as a space and a
 * long one as far as the file looks at it. */
bool edgetext_predict(const edgetext_model *model, const edgetext_text *texts, size_t count,
                      edgetext_answer *answer, edgetext_error *error);

/* The same with the very bytes, of which there must be one or more. */
bool edgetext_run(const edgetext_model *model, const edgetext_text *texts, size_t count,
                  edgetext_answer *answer, edgetext_error *error);

void edgetext_answer_free(edgetext_answer *answer);

/* What the file says of itself. */
const char *edgetext_task(const edgetext_model *model);
size_t edgetext_max_bytes(const edgetext_model *model);
size_t edgetext_input_count(const edgetext_model *model);
size_t edgetext_intent_count(const edgetext_model *model);
size_t edgetext_slot_count(const edgetext_model *model);
/* Names as UTF-8; NULL beyond their number. */
const char *edgetext_intent(const edgetext_model *model, int number);
const char *edgetext_slot(const edgetext_model *model, int number);
/* All of it as JSON (docs/contract.md). */
const char *edgetext_metadata(const edgetext_model *model);
const char *edgetext_golden(const edgetext_model *model);

/* Replay the golden examples that the file carries. passed, total: how many were answered alike,
 * and of how many. failed: called, where it is not NULL, with each text that was answered otherwise
 * and what differs. False where the examples cannot be replayed: they are damaged, or of a task
 * whose answers this host does not read. */
typedef void edgetext_failed(void *context, const char *text, const char *difference);
bool edgetext_verify(const edgetext_model *model, size_t *passed, size_t *total,
                     edgetext_failed *failed, void *context, edgetext_error *error);

/* The release of ONNX Runtime that answers, as "1.32.0". */
const char *edgetext_runtime_release(void);

#ifdef __cplusplus
}
#endif

#endif
