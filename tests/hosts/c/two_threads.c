/* Asks one model two texts from a thread each, many times: two_threads MODEL.onnx TEXT TEXT.
 * Prints the intent and the number of spans of each; status 1 where an answer was another once. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "edgetext.h"

enum { TIMES = 50 };

typedef struct {
    const edgetext_model *model;
    edgetext_text text;
    int intent;
    size_t spans;
    bool same;
} asking;

static void *ask(void *pointer) {
    asking *own = pointer;
    own->same = true;
    for (int i = 0; own->same && i < TIMES; i++) {
        edgetext_answer answer;
        own->same = edgetext_predict(own->model, &own->text, 1, &answer, NULL);
        if (i && (answer.intent != own->intent || answer.span_count != own->spans))
            own->same = false;
        own->intent = answer.intent;
        own->spans = answer.span_count;
        edgetext_answer_free(&answer);
    }
    return NULL;
}

int main(int count, char **words) {
    pthread_t threads[2];
    asking each[2];
    edgetext_model *model = count == 4 ? edgetext_open(words[1], 1, NULL) : NULL;
    if (!model) return 2;
    for (int i = 0; i < 2; i++) {
        each[i] = (asking){model, {words[2 + i], strlen(words[2 + i])}, -1, 0, false};
        pthread_create(&threads[i], NULL, ask, &each[i]);
    }
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < 2; i++)
        printf("%s %zu\n", edgetext_intent(model, each[i].intent), each[i].spans);
    edgetext_close(model);
    return each[0].same && each[1].same ? 0 : 1;
}
