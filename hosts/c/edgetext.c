#include "edgetext.h"

#include <onnxruntime_c_api.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "artifact.h"

/* All calls below are of this version of the API, which newer releases still have; the header may be
 * newer than the library. */
enum { API_VERSION = 16, MAX_INPUTS = 2, MAX_OUTPUTS = 64 };

/* What an answer is freed by. */
typedef struct {
    const OrtApi *api;
    OrtValue *values[MAX_OUTPUTS];
    int64_t *shapes[MAX_OUTPUTS];
    edgetext_output outputs[MAX_OUTPUTS];
} results;

struct edgetext_model {
    char *path;
    artifact file;
    char *metadata;
    char *golden;
    description about;
    const OrtApi *api;
    OrtEnv *environment;
    OrtSession *session;
    OrtMemoryInfo *memory;
    OrtAllocator *allocator;
    char *inputs[MAX_INPUTS];
    size_t input_count;
    char *outputs[MAX_OUTPUTS];
    size_t output_count;
};

/* Turn a failed call into a sentence; true where it did not fail. */
static bool done(const edgetext_model *model, OrtStatus *status, const char *what,
                 edgetext_error *error) {
    if (!status) return true;
    et_fail(error, "ONNX Runtime %s could not %s the model \"%s\" (%.300s).",
         edgetext_runtime_release(), what, model->path, model->api->GetErrorMessage(status));
    model->api->ReleaseStatus(status);
    return false;
}

static char *copy(edgetext_text text) {
    char *words = malloc(text.size + 1);
    if (!words) return NULL;
    if (text.size) memcpy(words, text.data, text.size);
    words[text.size] = '\0';
    return words;
}

static bool create_session(edgetext_model *model, int threads, edgetext_error *error) {
    const OrtApi *api = model->api;
    OrtSessionOptions *options = NULL;
    bool loaded =
        done(model, api->CreateEnv(ORT_LOGGING_LEVEL_FATAL, "edgetext", &model->environment),
             "load", error)
        && done(model, api->CreateSessionOptions(&options), "load", error)
        && done(model, api->SetIntraOpNumThreads(options, threads), "load", error)
        && done(model, api->SetInterOpNumThreads(options, 1), "load", error)
        /* edgetext export has optimized the graph; doing it again is most of loading. */
        && done(model, api->SetSessionGraphOptimizationLevel(options, ORT_DISABLE_ALL), "load",
                error)
        && done(model, api->AddSessionConfigEntry(options, "session.disable_quant_qdq", "1"),
                "load", error)
        && done(model,
                api->CreateSessionFromArray(model->environment, model->file.content,
                                            model->file.size, options, &model->session),
                "load", error)
        && done(model, api->GetAllocatorWithDefaultOptions(&model->allocator), "load", error)
        && done(model, api->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault,
                                                &model->memory),
                "load", error);
    if (options) api->ReleaseSessionOptions(options);
    return loaded;
}

static bool read_ports(edgetext_model *model, edgetext_error *error) {
    const OrtApi *api = model->api;
    size_t inputs = 0, outputs = 0;
    if (!done(model, api->SessionGetInputCount(model->session, &inputs), "read", error)
        || !done(model, api->SessionGetOutputCount(model->session, &outputs), "read", error))
        return false;
    if (!inputs || inputs > MAX_INPUTS || outputs > MAX_OUTPUTS)
        return et_fail(error,
                    "The model \"%s\" has %zu inputs and %zu outputs, which this program does not "
                    "know; upgrade the program.",
                    model->path, inputs, outputs);
    for (; model->input_count < inputs; model->input_count++)
        if (!done(model,
                  api->SessionGetInputName(model->session, model->input_count, model->allocator,
                                           &model->inputs[model->input_count]),
                  "read", error))
            return false;
    for (; model->output_count < outputs; model->output_count++)
        if (!done(model,
                  api->SessionGetOutputName(model->session, model->output_count, model->allocator,
                                            &model->outputs[model->output_count]),
                  "read", error))
            return false;
    return true;
}

static bool open_file(edgetext_model *model, int threads, edgetext_error *error) {
    if (!et_artifact_read(model->path, &model->file, error)
        || !et_describe(model->path, model->file.metadata, &model->about, error)
        || !et_check_release(model->path, &model->about, edgetext_runtime_release(), error))
        return false;
    model->metadata = copy(model->file.metadata);
    model->golden = copy(model->file.golden);
    model->api = OrtGetApiBase()->GetApi(API_VERSION);
    if (!model->metadata || !model->golden || !model->api)
        return et_fail(error, "There is no memory, or no ONNX Runtime, to open \"%s\".", model->path);
    if (!create_session(model, threads, error) || !read_ports(model, error)) return false;
    free(model->file.content);
    memset(&model->file, 0, sizeof model->file);
    return true;
}

edgetext_model *edgetext_open(const char *path, int threads, edgetext_error *error) {
    edgetext_model *model = calloc(1, sizeof *model);
    if (model) model->path = copy((edgetext_text){path, strlen(path)});
    if (!model || !model->path)
        et_fail(error, "There is no memory to open \"%s\".", path);
    else if (open_file(model, threads, error))
        return model;
    edgetext_close(model);
    return NULL;
}

void edgetext_close(edgetext_model *model) {
    if (!model) return;
    const OrtApi *api = model->api;
    for (size_t i = 0; i < model->input_count; i++)
        model->allocator->Free(model->allocator, model->inputs[i]);
    for (size_t i = 0; i < model->output_count; i++)
        model->allocator->Free(model->allocator, model->outputs[i]);
    if (model->memory) api->ReleaseMemoryInfo(model->memory);
    if (model->session) api->ReleaseSession(model->session);
    if (model->environment) api->ReleaseEnv(model->environment);
    et_describe_free(&model->about);
    free(model->file.content);
    free(model->metadata);
    free(model->golden);
    free(model->path);
    free(model);
}

/* Describe a tensor that the engine gave; `shape` is there to be freed. */
static bool read_output(const edgetext_model *model, OrtValue *value, edgetext_output *output,
                        int64_t **shape, edgetext_error *error) {
    const OrtApi *api = model->api;
    OrtTensorTypeAndShapeInfo *info = NULL;
    ONNXTensorElementDataType type = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
    void *data = NULL;
    bool read = done(model, api->GetTensorTypeAndShape(value, &info), "read", error)
                && done(model, api->GetTensorElementType(info, &type), "read", error)
                && done(model, api->GetTensorShapeElementCount(info, &output->count), "read", error)
                && done(model, api->GetDimensionsCount(info, &output->rank), "read", error)
                && done(model, api->GetTensorMutableData(value, &data), "read", error);
    if (read) {
        *shape = calloc(output->rank + 1, sizeof **shape);
        read = *shape ? done(model, api->GetDimensions(info, *shape, output->rank), "read", error)
                      : et_fail(error, "There is no memory for an answer.");
    }
    if (info) api->ReleaseTensorTypeAndShapeInfo(info);
    output->type = (edgetext_type)type;
    output->shape = *shape;
    output->data = data;
    return read;
}

static bool run(const edgetext_model *model, const edgetext_text *texts, results *got,
                edgetext_error *error) {
    const OrtApi *api = model->api;
    OrtValue *given[MAX_INPUTS] = {NULL};
    bool sound = true;
    for (size_t i = 0; sound && i < model->input_count; i++) {
        int64_t shape[] = {1, (int64_t)texts[i].size};
        /* The engine reads an input and never writes it, though its type does not say so. */
        void *data = (void *)(uintptr_t)texts[i].data;
        sound = done(model,
                     api->CreateTensorWithDataAsOrtValue(model->memory, data, texts[i].size, shape,
                                                         2, ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8,
                                                         &given[i]),
                     "ask", error);
    }
    sound = sound
            && done(model,
                    api->Run(model->session, NULL, (const char *const *)model->inputs,
                             (const OrtValue *const *)given, model->input_count,
                             (const char *const *)model->outputs, model->output_count,
                             got->values),
                    "run", error);
    for (size_t i = 0; i < model->input_count; i++)
        if (given[i]) api->ReleaseValue(given[i]);
    for (size_t i = 0; sound && i < model->output_count; i++) {
        got->outputs[i].name = model->outputs[i];
        sound = read_output(model, got->values[i], &got->outputs[i], &got->shapes[i], error);
    }
    return sound;
}

bool edgetext_run(const edgetext_model *model, const edgetext_text *texts, size_t count,
                  edgetext_answer *answer, edgetext_error *error) {
    memset(answer, 0, sizeof *answer);
    if (count != model->input_count)
        return et_fail(error, "The model \"%s\" reads %zu text(s) and was given %zu.", model->path,
                    model->input_count, count);
    for (size_t i = 0; i < count; i++)
        if (!texts[i].size)
            return et_fail(error,
                        "The model \"%s\" was given a text without a byte, uint8[1, 0]; send an "
                        "empty text as one space.",
                        model->path);
    results *got = calloc(1, sizeof *got);
    if (!got) return et_fail(error, "There is no memory for an answer.");
    got->api = model->api;
    answer->owned = got;
    answer->outputs = got->outputs;
    answer->output_count = model->output_count;
    if (run(model, texts, got, error)
        && et_decode(&model->about, texts[count - 1].size, answer, error))
        return true;
    edgetext_answer_free(answer);
    return false;
}

bool edgetext_predict(const edgetext_model *model, const edgetext_text *texts, size_t count,
                      edgetext_answer *answer, edgetext_error *error) {
    edgetext_text given[MAX_INPUTS];
    for (size_t i = 0; i < count && i < MAX_INPUTS; i++) given[i] = et_sent(texts[i], &model->about);
    return edgetext_run(model, given, count, answer, error);
}

void edgetext_answer_free(edgetext_answer *answer) {
    results *got = answer->owned;
    for (size_t i = 0; got && i < MAX_OUTPUTS; i++) {
        if (got->values[i]) got->api->ReleaseValue(got->values[i]);
        free(got->shapes[i]);
    }
    free(got);
    free(answer->spans);
    memset(answer, 0, sizeof *answer);
}

/* Ask a golden example; its answer differs where `differs` holds words. */
static bool replay(const edgetext_model *model, const json *row, difference *differs,
                   edgetext_error *error) {
    edgetext_answer answer;
    const json *text = et_text_of(model->path, row, error);
    if (!text) return false;
    edgetext_text asked = {text->text, text->size};
    if (!edgetext_predict(model, &asked, 1, &answer, error)) return false;
    bool sound = et_compare(model->path, row, &model->about, &answer, differs, error);
    edgetext_answer_free(&answer);
    return sound;
}

bool edgetext_verify(const edgetext_model *model, size_t *passed, size_t *total,
                     edgetext_failed *failed, void *context, edgetext_error *error) {
    const char *why;
    difference differs;
    *passed = *total = 0;
    if (!et_is_replayed(model->path, &model->about, error)) return false;
    json *list = et_json_read(model->golden, strlen(model->golden), &why);
    bool sound = et_json_of_kind(list, JSON_LIST) != NULL;
    if (!sound)
        et_fail(error, "The golden examples of the model \"%s\" are damaged (%s); export it again.",
             model->path, why ? why : "they are not a list");
    for (const json *row = sound ? list->child : NULL; sound && row; row = row->next) {
        sound = replay(model, row, &differs, error);
        if (!sound) break;
        ++*total;
        if (!differs.text[0])
            ++*passed;
        else if (failed)
            failed(context, et_json_member(row, "text")->text, differs.text);
    }
    et_json_free(list);
    return sound;
}

const char *edgetext_task(const edgetext_model *model) { return model->about.task; }

size_t edgetext_max_bytes(const edgetext_model *model) { return model->about.max_bytes; }

size_t edgetext_input_count(const edgetext_model *model) { return model->input_count; }

size_t edgetext_intent_count(const edgetext_model *model) { return model->about.intent_count; }

size_t edgetext_slot_count(const edgetext_model *model) { return model->about.slot_count; }

const char *edgetext_intent(const edgetext_model *model, int number) {
    bool known = number >= 0 && (size_t)number < model->about.intent_count;
    return known ? model->about.intents[number] : NULL;
}

const char *edgetext_slot(const edgetext_model *model, int number) {
    bool known = number >= 0 && (size_t)number < model->about.slot_count;
    return known ? model->about.slots[number] : NULL;
}

const char *edgetext_metadata(const edgetext_model *model) { return model->metadata; }

const char *edgetext_golden(const edgetext_model *model) { return model->golden; }

const char *edgetext_runtime_release(void) { return OrtGetApiBase()->GetVersionString(); }
