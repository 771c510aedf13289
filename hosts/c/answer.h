/* From tensors to an answer, and from an answer to whether it is the golden one. */
#ifndef EDGETEXT_ANSWER_H
#define EDGETEXT_ANSWER_H

#include "artifact.h"

/* What edgetext_predict sends of a text: one space for an empty one, and of a long one a byte more
 * than the file reads, which tells it that the text goes on. */
edgetext_text et_sent(edgetext_text text, const description *about);

/* Put names to `answer->outputs`: fill in all other fields. size: bytes of the last text. False with
 * a sentence where the numbers do not fit the labels or the text. */
bool et_decode(const description *about, size_t size, edgetext_answer *answer, edgetext_error *error);

/* Whether this host compares the golden examples of such a file; a sentence where it does not. */
bool et_is_replayed(const char *path, const description *about, edgetext_error *error);

/* The text of a golden example; NULL with a sentence where it has none. */
const json *et_text_of(const char *path, const json *row, edgetext_error *error);

/* What differs from the golden example `row`: "" for nothing. False where the row is damaged. */
typedef struct {
    char text[160];
} difference;
bool et_compare(const char *path, const json *row, const description *about,
             const edgetext_answer *answer, difference *differs, edgetext_error *error);

#endif
