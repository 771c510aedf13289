/* Loads the APK's libraries so that they see each other's symbols before those of the JVM: the JVM
 * brings libstdc++ into the global scope, and a C++ exception thrown by one C++ runtime must not be
 * caught by another. On Android there is only theirs, and ExecuTorch's classes load libexecutorch.so
 * first, so that libfbjni.so throws with the C++ runtime inside it; so here. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>

__attribute__((constructor)) static void begin(void) {
    if (!dlopen("libexecutorch.so", RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND))
        fprintf(stderr, "%s\n", dlerror());
}
