/*
 * Loaded into a copy's QEMU. It opens a file that it may only read for reading, where it asks to write as well: QEMU before 8.2 does so
 * for the memory that a copy starts from, although it maps it privately and writes to pages of its own only.
 */
#define _GNU_SOURCE
#undef _FORTIFY_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/types.h>

static int open_by(const char *name, const char *path, int flags, mode_t mode) {
  int (*next)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name);
  if (!next) {
    errno = ENOSYS;
    return -1;
  }
  int file = next(path, flags, mode);
  if (file < 0 && errno == EACCES && (flags & (O_ACCMODE | O_CREAT)) == O_RDWR)
    file = next(path, (flags & ~O_ACCMODE) | O_RDONLY, mode);
  return file;
}

#define OPEN(name)                                                                    \
  int name(const char *path, int flags, ...) {                                        \
    va_list rest;                                                                     \
    va_start(rest, flags);                                                            \
    int makes = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;                \
    mode_t mode = makes ? va_arg(rest, mode_t) : 0;                                   \
    va_end(rest);                                                                     \
    return open_by(#name, path, flags, mode);                                         \
  }

OPEN(open)
OPEN(open64)

/* What a program calls that was built with _FORTIFY_SOURCE, when no file is to be made. */
int __open_2(const char *path, int flags) { return open_by("open", path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_by("open64", path, flags, 0); }
