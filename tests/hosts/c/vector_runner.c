/* Answers the vectors of tests/vectors with what hosts/c is made of: vector_runner FILE...
 * Prints for each file a line of JSON, a list with what was got for each vector in turn; null for a
 * kind, or for an input, that has no counterpart in C. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"

static void print_bytes(const char *text, size_t size) {
    putchar('"');
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte == '"' || byte == '\\')
            printf("\\%c", byte);
        else if (byte < 0x20)
            printf("\\u%04x", byte);
        else
            putchar(byte);
    }
    putchar('"');
}

static void print_text(const char *text) { print_bytes(text, strlen(text)); }

static void print_error(const char *sentence) {
    printf("{\"error\": ");
    print_text(sentence);
    printf("}");
}

static void print_json(const json *value) {
    const char *between = "";
    switch (value->kind) {
        case JSON_NULL: printf("null"); break;
        case JSON_FALSE: printf("false"); break;
        case JSON_TRUE: printf("true"); break;
        case JSON_STRING: print_bytes(value->text, value->size); break;
        case JSON_NUMBER: printf(value->whole ? "%.0f" : "%.17g", value->number);
            if (!value->whole && value->number == floor(value->number)) printf(".0");
            break;
        case JSON_LIST:
        case JSON_OBJECT: {
            bool named = value->kind == JSON_OBJECT;
            printf(named ? "{" : "[");
            for (const json *each = value->child; each; each = each->next, between = ", ") {
                printf("%s", between);
                if (named) {
                    print_text(each->name);
                    printf(": ");
                }
                print_json(each);
            }
            printf(named ? "}" : "]");
        }
    }
}

static const char *text_of(const json *vector, const char *name) {
    const json *member = et_json_of_kind(et_json_member(vector, name), JSON_STRING);
    return member ? member->text : "";
}

static void print_sent(edgetext_text text, const description *about) {
    edgetext_text got = et_sent(text, about);
    printf("\"sent\": [");
    for (size_t i = 0; i < got.size; i++)
        printf("%s%u", i ? ", " : "", ((const unsigned char *)got.data)[i]);
    printf("]");
}

static void run_json(const json *vector) {
    const json *source = et_json_member(vector, "source");
    const char *why;
    json *value = et_json_read(source->text, source->size, &why);
    if (value)
        print_json(value);
    else
        printf("{\"error\": \"not JSON: %s\"}", why);
    et_json_free(value);
}

static void run_metadata(const json *vector) {
    description about;
    edgetext_error error;
    const json *text = et_json_member(vector, "json");
    edgetext_text metadata = {text->text, text->size};
    const char *here = text_of(vector, "here");
    /* The oldest release of an .onnx alone. */
    if (strstr(text->text, "\"runtime\": \"executorch\"")) {
        printf("null");
        return;
    }
    if (!et_describe("model.onnx", metadata, &about, &error)
        || (*here && !et_check_release("model.onnx", &about, here, &error)))
        print_error(error.text);
    else {
        printf("{\"task\": ");
        print_text(about.task);
        printf(", \"name\": ");
        print_text(text_of(about.fields, "name"));
        printf(", \"max_bytes\": %zu, \"oldest_runtime\": ", about.max_bytes);
        print_text(about.oldest_runtime);
        const char **lists[] = {about.intents, about.slots};
        size_t counts[] = {about.intent_count, about.slot_count};
        for (int kind = 0; kind < 2; kind++) {
            printf(", \"%s\": [", kind ? "slots" : "intents");
            for (size_t i = 0; i < counts[kind]; i++) {
                printf(i ? ", " : "");
                print_text(lists[kind][i]);
            }
            printf("]");
        }
        printf("}");
    }
    et_describe_free(&about);
}

/* Tensors of a vector's "outputs"; they stay until the next call. */
static void read_outputs(const json *told, const description *about, edgetext_answer *answer) {
    static edgetext_output outputs[4];
    static float scores[16];
    static int32_t spans[256], truncated, in_scope;
    static int64_t shape[3];
    size_t count = 0, numbers = 0;
    for (const json *each = et_json_member(told, "scores")->child; each; each = each->next)
        scores[count++] = (float)each->number;
    for (const json *each = et_json_member(told, "spans")->child; each; each = each->next)
        spans[numbers++] = (int32_t)each->number;
    truncated = et_json_member(told, "truncated")->kind == JSON_TRUE;
    outputs[0] = (edgetext_output){"truncated", EDGETEXT_INT32, 1, shape, 1, &truncated};
    outputs[1] = (edgetext_output){"spans", EDGETEXT_INT32, 3, shape, numbers, spans};
    outputs[2] = (edgetext_output){"scores", EDGETEXT_FLOAT32, 2, shape, count, scores};
    memset(answer, 0, sizeof *answer);
    answer->outputs = outputs;
    answer->output_count = about->has_intent || about->has_labels ? 3 : 2;
    const json *inside = et_json_member(told, "in_scope");
    if (inside) {
        in_scope = (int32_t)inside->number;
        outputs[answer->output_count++] =
            (edgetext_output){"in_scope", EDGETEXT_INT32, 1, shape, 1, &in_scope};
    }
}

static void print_answer(const description *about, const edgetext_answer *answer,
                         edgetext_text text) {
    printf("{");
    print_sent(text, about);
    printf(", \"score\": %.9g, \"truncated\": %s, \"intent\": ", (double)answer->score,
           answer->truncated ? "true" : "false");
    if (answer->intent < 0)
        printf("null");
    else
        print_text(about->intents[answer->intent]);
    const char *scopes[] = {"null", "false", "true"};
    printf(", \"in_scope\": %s, \"spans\": [", scopes[answer->in_scope + 1]);
    for (size_t i = 0; i < answer->span_count; i++) {
        const edgetext_span *span = &answer->spans[i];
        printf("%s[", i ? ", " : "");
        print_text(about->slots[span->label]);
        printf(", ");
        print_bytes((const char *)text.data + span->start, span->end - span->start);
        printf("]");
    }
    printf("]}");
}

static bool read_about(const json *vector, description *about, edgetext_error *error) {
    const char *text = text_of(vector, "metadata_json");
    return et_describe("model.onnx", (edgetext_text){text, strlen(text)}, about, error);
}

static void run_decode(const json *vector) {
    description about;
    edgetext_error error;
    edgetext_answer answer = {0};
    const json *told = et_json_member(vector, "outputs")->child;
    const json *text = et_json_member(vector, "text");
    edgetext_text given = {text->text, text->size};
    if (!read_about(vector, &about, &error))
        print_error(error.text);
    else if (et_json_member(told, "throws"))
        printf("null");
    else {
        read_outputs(told, &about, &answer);
        size_t size = et_sent(given, &about).size;
        if (et_decode(&about, size, &answer, &error))
            print_answer(&about, &answer, given);
        else
            print_error(error.text);
    }
    free(answer.spans);
    et_describe_free(&about);
}

static void run_replay(const json *vector) {
    description about;
    edgetext_error error = {""};
    const json *golden = et_json_member(vector, "golden");
    const json *told = et_json_member(vector, "outputs")->child;
    size_t passed = 0, total = 0;
    if (!read_about(vector, &about, &error) || golden->kind != JSON_LIST)
        printf("null");
    else {
        for (const json *row = golden->child; row && !error.text[0]; row = row->next, total++) {
            edgetext_answer answer = {0};
            difference differs;
            /* Where none are told, the example is refused before an answer matters. */
            if (told) read_outputs(told, &about, &answer);
            if (et_text_of("model.onnx", row, &error)
                && (!told || et_decode(&about, 99, &answer, &error))
                && et_compare("model.onnx", row, &about, &answer, &differs, &error))
                passed += !differs.text[0];
            free(answer.spans);
            if (told) told = told->next;
        }
        if (error.text[0])
            print_error(error.text);
        else
            printf("{\"passed\": %zu, \"total\": %zu, \"is_passed\": %s}", passed, total,
                   total && passed == total ? "true" : "false");
    }
    et_describe_free(&about);
}

static void run(const json *vector) {
    const char *kind = text_of(vector, "kind");
    if (!strcmp(kind, "json"))
        run_json(vector);
    else if (!strcmp(kind, "metadata"))
        run_metadata(vector);
    else if (!strcmp(kind, "decode"))
        run_decode(vector);
    else if (!strcmp(kind, "replay"))
        run_replay(vector);
    else
        printf("null");
}

static json *read_file(const char *path) {
    static char content[1 << 20];
    const char *why;
    FILE *stream = fopen(path, "rb");
    if (!stream) return NULL;
    size_t size = fread(content, 1, sizeof content, stream);
    fclose(stream);
    return et_json_read(content, size, &why);
}

int main(int count, char **paths) {
    for (int i = 1; i < count; i++) {
        json *vectors = read_file(paths[i]);
        if (!vectors) return 2;
        printf("[");
        for (const json *each = vectors->child; each; each = each->next) {
            run(each);
            if (each->next) printf(", ");
        }
        printf("]\n");
        et_json_free(vectors);
    }
    return 0;
}
