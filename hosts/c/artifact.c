#include "artifact.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sha256.h"

enum { DIGITS = 64, BLOCK = 1 << 16 };

/* An entry of ONNX's metadata_props (field 14 of 83 bytes) up to the digits. */
static const char SEAL[] = "rS\n\17edgetext_sha256\22@";
enum { SEALED = sizeof SEAL - 1 + DIGITS };

bool et_fail(edgetext_error *error, const char *format, ...) {
    va_list values;
    va_start(values, format);
    if (error) vsnprintf(error->text, sizeof error->text, format, values);
    va_end(values);
    return false;
}

/* Read to the end, since a pipe does not tell its size. */
static bool read_all(FILE *stream, artifact *file) {
    size_t room = 0, got;
    do {
        if (file->size == room) {
            room = room ? 2 * room : BLOCK;
            uint8_t *larger = realloc(file->content, room);
            if (!larger) return false;
            file->content = larger;
        }
        got = fread(file->content + file->size, 1, room - file->size, stream);
        file->size += got;
    } while (got);
    return !ferror(stream);
}

/* What else `edgetext export` writes, in words; such a file says so from its fifth byte on. */
static const char *other_kind(const artifact *file) {
    if (file->size < 8) return NULL;
    if (!memcmp(file->content + 4, "ORTM", 4)) return "in ORT format (.ort)";
    if (!memcmp(file->content + 4, "ET12", 4)) return "an ExecuTorch program (.pte)";
    return NULL;
}

static bool check_seal(const char *path, const artifact *file, edgetext_error *error) {
    char digits[DIGITS + 1];
    if (!file->size) return et_fail(error, "The model \"%s\" is empty; copy it again.", path);
    const char *kind = other_kind(file);
    if (kind)
        return et_fail(error, "The model \"%s\" is %s; give the .onnx file beside it.", path, kind);
    size_t body = file->size < SEALED ? 0 : file->size - SEALED;
    if (!body || memcmp(file->content + body, SEAL, sizeof SEAL - 1) != 0)
        return et_fail(error,
                    "The model \"%s\" was not made by edgetext export or is cut short; copy it "
                    "again, or give an .onnx file that edgetext export wrote.",
                    path);
    et_sha256_hex(file->content, body, digits);
    if (memcmp(file->content + file->size - DIGITS, digits, DIGITS) != 0)
        return et_fail(error, "The model \"%s\" is not the file that was exported; copy it again.",
                    path);
    return true;
}

/* Protobuf: a cursor over the bytes of a message. */
typedef struct {
    const uint8_t *at;
    const uint8_t *end;
} cursor;

static bool read_varint(cursor *in, uint64_t *value) {
    *value = 0;
    for (int shift = 0; shift < 64 && in->at < in->end; shift += 7) {
        uint8_t next = *in->at++;
        *value |= (uint64_t)(next & 0x7F) << shift;
        if (next < 0x80) return true;
    }
    return false;
}

/* The next field: its number and, where it is bytes, those. */
static bool read_field(cursor *in, uint64_t *number, edgetext_text *value) {
    enum { VARINT, FIXED64, BYTES, FIXED32 = 5 };
    uint64_t key, length = 0;
    if (!read_varint(in, &key)) return false;
    *number = (key & 7) == BYTES ? key >> 3 : 0;
    switch (key & 7) {
        case VARINT:
            if (!read_varint(in, &length)) return false;
            length = 0;
            break;
        case FIXED64: length = 8; break;
        case FIXED32: length = 4; break;
        case BYTES:
            if (!read_varint(in, &length)) return false;
            break;
        default: return false;
    }
    if (length > (uint64_t)(in->end - in->at)) return false;
    *value = (edgetext_text){in->at, (size_t)length};
    in->at += length;
    return true;
}

static bool is_named(edgetext_text name, const char *word) {
    return name.size == strlen(word) && memcmp(name.data, word, name.size) == 0;
}

/* ModelProto's field 14 holds entries of key (1) and value (2). */
static bool read_texts(artifact *file) {
    cursor model = {file->content, file->content + file->size};
    edgetext_text field, part;
    uint64_t number;
    while (model.at < model.end) {
        if (!read_field(&model, &number, &field)) return false;
        if (number != 14) continue;
        cursor entry = {field.data, (const uint8_t *)field.data + field.size};
        edgetext_text name = {"", 0}, value = {"", 0};
        while (entry.at < entry.end) {
            if (!read_field(&entry, &number, &part)) return false;
            if (number == 1) name = part;
            if (number == 2) value = part;
        }
        if (is_named(name, "edgetext")) file->metadata = value;
        if (is_named(name, "edgetext_golden")) file->golden = value;
    }
    return true;
}

bool et_artifact_read(const char *path, artifact *file, edgetext_error *error) {
    memset(file, 0, sizeof *file);
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return et_fail(error, "The model \"%s\" cannot be opened (%s); give an .onnx file that "
                    "edgetext export wrote.", path, strerror(errno));
    bool sound = read_all(stream, file);
    fclose(stream);
    if (!sound)
        et_fail(error, "The model \"%s\" could not be read; copy it again.", path);
    else if (check_seal(path, file, error)) {
        if (read_texts(file) && file->metadata.size) return true;
        et_fail(error, "The model \"%s\" does not say what it is; export it again.", path);
    }
    free(file->content);
    file->content = NULL;
    return false;
}
