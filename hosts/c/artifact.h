/* An .onnx file before an engine sees it: its seal, and what it says of itself. */
#ifndef EDGETEXT_ARTIFACT_H
#define EDGETEXT_ARTIFACT_H

#include "edgetext.h"
#include "json.h"

/* A file's bytes, with its two texts in them; `content` is what there is to free. */
typedef struct {
    uint8_t *content;
    size_t size;
    edgetext_text metadata;
    edgetext_text golden;
} artifact;

/* metadata: the JSON, of which the texts are part. names: UTF-8. */
typedef struct {
    json *fields;
    const char *task;
    const char **intents;
    size_t intent_count;
    const char **slots;
    size_t slot_count;
    size_t max_bytes;
    const char *oldest_runtime;
    bool has_intent;   /* One label a text. */
    bool has_labels;   /* None, one or several. */
    bool has_spans;
    bool keeps_end;    /* Of a long text the file reads the end. */
} description;

/* Read a file and check its seal. False with a sentence; then there is nothing to free. */
bool et_artifact_read(const char *path, artifact *file, edgetext_error *error);

/* Read and check the metadata; et_describe_free frees it, whether this succeeded or not. */
bool et_describe(const char *path, edgetext_text metadata, description *about, edgetext_error *error);
void et_describe_free(description *about);

/* Refuse an ONNX Runtime that is older than the file needs. */
bool et_check_release(const char *path, const description *about, const char *here,
                   edgetext_error *error);

/* Write a sentence; false, so that it can be returned. */
bool et_fail(edgetext_error *error, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

#endif
