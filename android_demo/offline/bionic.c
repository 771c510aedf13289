/* Where bionic, Android's C library, differs from glibc for what the libraries of the APK import.
 * bionic.py adds a jump to glibc for everything else. Not for use on Android. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* BIONIC marks a name for bionic.py; AS defines a function under that name, so that the compiler
 * does not take it for glibc's own. */
#define BIONIC(name)
#define AS(name) __asm__(#name)

static void *glibc(const char *name) {
    static void *c;
    if (!c) c = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
    return dlsym(c, name);
}

void fill_slots(void *c, void *m);

void unknown_function(void) {
    static const char text[] = "bionic shim: a function was called that glibc does not have\n";
    write(2, text, sizeof text - 1);
    abort();
}

/* bionic's FILE objects of old binaries: an array of three structs of 152 bytes. */
char __sF[3 * 152];
FILE *shim_stderr __asm__("stderr");
FILE *shim_stdout __asm__("stdout");
FILE *shim_stdin __asm__("stdin");

__attribute__((constructor)) static void begin(void) {
    void *c = dlopen("libc.so.6", RTLD_NOW);
    fill_slots(c, dlopen("libm.so.6", RTLD_NOW));
    shim_stderr = *(FILE **)dlsym(c, "stderr");
    shim_stdout = *(FILE **)dlsym(c, "stdout");
    shim_stdin = *(FILE **)dlsym(c, "stdin");
}

/* Old libraries hand out pointers into __sF; new ones the FILEs themselves. */
static FILE *file(void *from) {
    long at = (char *)from - __sF;
    FILE *standard[] = {shim_stdin, shim_stdout, shim_stderr};
    return at >= 0 && at < (long)sizeof __sF ? standard[at / 152] : from;
}

BIONIC(fflush)
int shim_fflush(void *to) AS(fflush);
int shim_fflush(void *to) { return ((int (*)(FILE *))glibc("fflush"))(file(to)); }

BIONIC(fputc)
int shim_fputc(int c, void *to) AS(fputc);
int shim_fputc(int c, void *to) { return ((int (*)(int, FILE *))glibc("fputc"))(c, file(to)); }

BIONIC(getc)
int shim_getc(void *from) AS(getc);
int shim_getc(void *from) { return ((int (*)(FILE *))glibc("getc"))(file(from)); }

BIONIC(ungetc)
int shim_ungetc(int c, void *to) AS(ungetc);
int shim_ungetc(int c, void *to) { return ((int (*)(int, FILE *))glibc("ungetc"))(c, file(to)); }

BIONIC(fwrite)
size_t shim_fwrite(const void *from, size_t size, size_t count, void *to) AS(fwrite);
size_t shim_fwrite(const void *from, size_t size, size_t count, void *to) {
    size_t (*real)(const void *, size_t, size_t, FILE *) =
        (size_t (*)(const void *, size_t, size_t, FILE *))glibc("fwrite");
    return real(from, size, count, file(to));
}

BIONIC(vfprintf)
int shim_vfprintf(void *to, const char *format, va_list values) AS(vfprintf);
int shim_vfprintf(void *to, const char *format, va_list values) {
    int (*real)(FILE *, const char *, va_list) =
        (int (*)(FILE *, const char *, va_list))glibc("vfprintf");
    return real(file(to), format, values);
}

BIONIC(fprintf)
int shim_fprintf(void *to, const char *format, ...) AS(fprintf);
int shim_fprintf(void *to, const char *format, ...) {
    va_list values;
    va_start(values, format);
    int written = shim_vfprintf(to, format, values);
    va_end(values);
    return written;
}

BIONIC(__errno)
int *shim_errno(void) AS(__errno);
int *shim_errno(void) { return __errno_location(); }

/* Numbers of sysconf differ; these are what C++ and XNNPACK ask. */
BIONIC(sysconf)
long shim_sysconf(int name) AS(sysconf);
long shim_sysconf(int name) {
    long (*real)(int) = (long (*)(int))glibc("sysconf");
    switch (name) {
        case 0x27: case 0x28: return real(_SC_PAGESIZE);
        case 0x60: return real(_SC_NPROCESSORS_CONF);
        case 0x61: return real(_SC_NPROCESSORS_ONLN);
        case 0x62: return real(_SC_PHYS_PAGES);
        case 0x63: return real(_SC_AVPHYS_PAGES);
        default: errno = EINVAL; return -1;
    }
}

/* bionic's sigset_t has 8 bytes, glibc's 128. */
BIONIC(sigfillset)
int shim_sigfillset(unsigned long *set) AS(sigfillset);
int shim_sigfillset(unsigned long *set) { *set = ~0ul; return 0; }

BIONIC(sigemptyset)
int shim_sigemptyset(unsigned long *set) AS(sigemptyset);
int shim_sigemptyset(unsigned long *set) { *set = 0; return 0; }

BIONIC(pthread_sigmask)
int shim_sigmask(int how, const unsigned long *set, unsigned long *old) AS(pthread_sigmask);
int shim_sigmask(int how, const unsigned long *set, unsigned long *old) {
    return syscall(SYS_rt_sigprocmask, how, set, old, 8) ? errno : 0;
}

/* bionic's strerror_r is POSIX's. */
BIONIC(strerror_r)
int shim_strerror_r(int error, char *to, size_t size) AS(strerror_r);
int shim_strerror_r(int error, char *to, size_t size) {
    int (*real)(int, char *, size_t) = (int (*)(int, char *, size_t))glibc("__xpg_strerror_r");
    return real(error, to, size);
}

BIONIC(__gnu_strerror_r)
char *shim_gnu_strerror_r(int error, char *to, size_t size) AS(__gnu_strerror_r);
char *shim_gnu_strerror_r(int error, char *to, size_t size) {
    char *(*real)(int, char *, size_t) = (char *(*)(int, char *, size_t))glibc("strerror_r");
    return real(error, to, size);
}

/* Checked variants of bionic alone. */
BIONIC(__strlen_chk)
size_t shim_strlen_chk(const char *text, size_t size) AS(__strlen_chk);
size_t shim_strlen_chk(const char *text, size_t size) {
    size_t length = 0;
    while (text[length]) length++;
    if (length >= size) abort();
    return length;
}

BIONIC(__strchr_chk)
char *shim_strchr_chk(const char *text, int wanted, size_t size) AS(__strchr_chk);
char *shim_strchr_chk(const char *text, int wanted, size_t size) {
    char *(*real)(const char *, int) = (char *(*)(const char *, int))glibc("strchr");
    return real(text, wanted);
}

BIONIC(__strrchr_chk)
char *shim_strrchr_chk(const char *text, int wanted, size_t size) AS(__strrchr_chk);
char *shim_strrchr_chk(const char *text, int wanted, size_t size) {
    char *(*real)(const char *, int) = (char *(*)(const char *, int))glibc("strrchr");
    return real(text, wanted);
}

BIONIC(__write_chk)
ssize_t shim_write_chk(int file, const void *from, size_t count, size_t size) AS(__write_chk);
ssize_t shim_write_chk(int file, const void *from, size_t count, size_t size) {
    return syscall(SYS_write, file, from, count);
}

BIONIC(__system_property_get)
int shim_property(const char *name, char *value) AS(__system_property_get);
int shim_property(const char *name, char *value) { value[0] = 0; return 0; }

BIONIC(android_set_abort_message)
void shim_abort_message(const char *message) AS(android_set_abort_message);
void shim_abort_message(const char *message) {}

/* liblog. */
static int log_line(const char *tag, const char *format, va_list values) {
    if (!getenv("EDGETEXT_TRACE")) return 0;
    shim_fprintf(shim_stderr, "%s: ", tag ? tag : "");
    shim_vfprintf(shim_stderr, format, values);
    shim_fputc('\n', shim_stderr);
    return 1;
}

BIONIC(__android_log_print)
int __android_log_print(int priority, const char *tag, const char *format, ...) {
    va_list values;
    va_start(values, format);
    int written = log_line(tag, format, values);
    va_end(values);
    return written;
}

BIONIC(__android_log_vprint)
int __android_log_vprint(int priority, const char *tag, const char *format, va_list values) {
    return log_line(tag, format, values);
}

BIONIC(__android_log_write)
int __android_log_write(int priority, const char *tag, const char *text) {
    return __android_log_print(priority, tag, "%s", text);
}

BIONIC(__android_log_assert)
void __android_log_assert(const char *condition, const char *tag, const char *format, ...) {
    va_list values;
    va_start(values, format);
    shim_fprintf(shim_stderr, "%s: ", tag ? tag : "");
    if (format) shim_vfprintf(shim_stderr, format, values);
    else shim_fprintf(shim_stderr, "%s", condition);
    va_end(values);
    abort();
}
