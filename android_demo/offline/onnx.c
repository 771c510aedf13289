/* The few ai.onnxruntime calls that OnnxModel makes, over ONNX Runtime's C API, for a desktop JVM.
 * On Android the runtime's own AAR takes this place. */
#include <jni.h>
#include <onnxruntime_c_api.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_OUTPUTS = 8, MAX_RANK = 8 };

static const OrtApi *api;
static OrtAllocator *allocator;

/* Throw OrtException for a failed call; 1 when it failed. */
static int failed(JNIEnv *env, OrtStatus *status) {
    if (!status) return 0;
    (*env)->ThrowNew(env, (*env)->FindClass(env, "ai/onnxruntime/OrtException"),
                     api->GetErrorMessage(status));
    api->ReleaseStatus(status);
    return 1;
}

static jbyteArray bytes(JNIEnv *env, const void *from, size_t size) {
    jbyteArray array = (*env)->NewByteArray(env, (jsize)size);
    if (array) (*env)->SetByteArrayRegion(env, array, 0, (jsize)size, from);
    return array;
}

JNIEXPORT jlong JNICALL Java_ai_onnxruntime_OrtEnvironment_create(JNIEnv *env, jclass class) {
    OrtEnv *made = NULL;
    api = OrtGetApiBase()->GetApi(ORT_API_VERSION);
    if (failed(env, api->CreateEnv(ORT_LOGGING_LEVEL_ERROR, "edgetext", &made))) return 0;
    failed(env, api->GetAllocatorWithDefaultOptions(&allocator));
    return (jlong)made;
}

JNIEXPORT jstring JNICALL Java_ai_onnxruntime_OrtEnvironment_version(JNIEnv *env, jclass class) {
    return (*env)->NewStringUTF(env, OrtGetApiBase()->GetVersionString());
}

JNIEXPORT jlong JNICALL Java_ai_onnxruntime_OrtSession_open(
    JNIEnv *env, jclass class, jlong environment, jstring path, jint threads,
    jint level) {
    OrtSession *session = NULL;
    OrtSessionOptions *options = NULL;
    const char *name = (*env)->GetStringUTFChars(env, path, NULL);
    if (!failed(env, api->CreateSessionOptions(&options))
        && !failed(env, api->SetIntraOpNumThreads(options, threads))
        && !failed(env, api->SetSessionGraphOptimizationLevel(options, level)))
        failed(env, api->CreateSession((OrtEnv *)environment, name, options, &session));
    if (options) api->ReleaseSessionOptions(options);
    (*env)->ReleaseStringUTFChars(env, path, name);
    return (jlong)session;
}

JNIEXPORT jobjectArray JNICALL Java_ai_onnxruntime_OrtSession_outputNames(
    JNIEnv *env, jclass class, jlong session) {
    size_t count = 0;
    if (failed(env, api->SessionGetOutputCount((OrtSession *)session, &count))) return NULL;
    jobjectArray names = (*env)->NewObjectArray(
        env, (jsize)count, (*env)->FindClass(env, "java/lang/String"), NULL);
    for (size_t i = 0; i < count; i++) {
        char *name = NULL;
        if (failed(env, api->SessionGetOutputName((OrtSession *)session, i, allocator, &name)))
            return NULL;
        (*env)->SetObjectArrayElement(env, names, (jsize)i, (*env)->NewStringUTF(env, name));
        allocator->Free(allocator, name);
    }
    return names;
}

/* The size of a tensor's elements in bytes; 0 for a type that the demo does not read. */
static size_t width(ONNXTensorElementDataType type) {
    switch (type) {
        case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT:
        case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32: return 4;
        default: return 0;
    }
}

static jbyteArray content(JNIEnv *env, OrtValue *value) {
    OrtTensorTypeAndShapeInfo *info = NULL;
    ONNXTensorElementDataType type;
    size_t count = 0;
    void *data = NULL;
    if (failed(env, api->GetTensorTypeAndShape(value, &info))) return NULL;
    int bad = failed(env, api->GetTensorElementType(info, &type))
              || failed(env, api->GetTensorShapeElementCount(info, &count))
              || failed(env, api->GetTensorMutableData(value, &data));
    api->ReleaseTensorTypeAndShapeInfo(info);
    return bad ? NULL : bytes(env, data, count * width(type));
}

JNIEXPORT jobjectArray JNICALL Java_ai_onnxruntime_OrtSession_run(
    JNIEnv *env, jclass class, jlong session, jstring input, jobject data, jlongArray shape,
    jobjectArray outputs) {
    OrtMemoryInfo *memory = NULL;
    OrtValue *given = NULL;
    OrtValue *got[MAX_OUTPUTS] = {0};
    const char *names[MAX_OUTPUTS];
    jstring strings[MAX_OUTPUTS];
    jobjectArray answer = NULL;
    jsize count = (*env)->GetArrayLength(env, outputs);
    jsize rank = (*env)->GetArrayLength(env, shape);
    if (count > MAX_OUTPUTS || rank > MAX_RANK) {
        (*env)->ThrowNew(env, (*env)->FindClass(env, "ai/onnxruntime/OrtException"),
                         "too many outputs or dimensions");
        return NULL;
    }
    jlong dimensions[MAX_RANK];
    (*env)->GetLongArrayRegion(env, shape, 0, rank, dimensions);
    for (jsize i = 0; i < count; i++) {
        strings[i] = (*env)->GetObjectArrayElement(env, outputs, i);
        names[i] = (*env)->GetStringUTFChars(env, strings[i], NULL);
    }
    const char *name = (*env)->GetStringUTFChars(env, input, NULL);
    const OrtValue *inputs[1];
    if (!failed(env, api->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &memory))
        && !failed(env, api->CreateTensorWithDataAsOrtValue(
                            memory, (*env)->GetDirectBufferAddress(env, data),
                            (size_t)(*env)->GetDirectBufferCapacity(env, data),
                            (const int64_t *)dimensions, (size_t)rank,
                            ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8, &given))) {
        inputs[0] = given;
        if (!failed(env, api->Run((OrtSession *)session, NULL, &name, inputs, 1, names,
                                  (size_t)count, got))) {
            answer = (*env)->NewObjectArray(env, count, (*env)->FindClass(env, "[B"), NULL);
            for (jsize i = 0; i < count; i++)
                (*env)->SetObjectArrayElement(env, answer, i, content(env, got[i]));
        }
    }
    for (jsize i = 0; i < count; i++) {
        if (got[i]) api->ReleaseValue(got[i]);
        (*env)->ReleaseStringUTFChars(env, strings[i], names[i]);
    }
    if (given) api->ReleaseValue(given);
    if (memory) api->ReleaseMemoryInfo(memory);
    (*env)->ReleaseStringUTFChars(env, input, name);
    return answer;
}

JNIEXPORT void JNICALL Java_ai_onnxruntime_OrtSession_release(
    JNIEnv *env, jclass class, jlong session) {
    api->ReleaseSession((OrtSession *)session);
}
