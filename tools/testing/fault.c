// SPDX-License-Identifier: Apache-2.0
// Preloaded into a process: counts its calls of one class, in the order they come, whatever thread they come from, and
// lets one of them fail. From the environment:
//   FAULT_ROOT=F     the folder below which files count
//   FAULT_CLASS=C    which calls count: change (create, change, remove or sync something; the default), open, read (a
//                    file that was only opened for reading), list (a folder), out (write to stdout), every (all of these,
//                    to be counted: a line begins with the class, and a call that is of two has two lines)
//   FAULT_AT=N       what happens at the Nth call, instead of it
//   FAULT_ERRNO=E    it fails with that number; without this the process is killed
//   FAULT_STAYS=1    so do all after it that take room on the disk
//   FAULT_COUNT=F    at the end, the names of the calls are written to this file, one a line
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long calls;
static char names[1 << 20];
static size_t filled;

static long number(const char *name) {
  const char *text = getenv(name);
  return text == NULL ? 0 : atol(text);
}

static const char *chosen(void) {
  const char *class = getenv("FAULT_CLASS");
  return class == NULL ? "change" : class;
}

static int every(void) { return strcmp(chosen(), "every") == 0; }

static int counts(const char *class) { return every() || strcmp(chosen(), class) == 0; }

// Whether the call is to fail; does not come back where it is to be the last.
static int faulty(const char *class, const char *name, int takes_room) {
  if (!counts(class)) return 0;
  pthread_mutex_lock(&lock);
  long call = ++calls, at = number("FAULT_AT");
  int all = every();
  filled += snprintf(names + filled, sizeof names - filled, "%s%s%s\n", all ? class : "", all ? " " : "", name);
  // More calls than there is room for would be counted as fewer.
  if (filled >= sizeof names) abort();
  pthread_mutex_unlock(&lock);
  if (at == 0 || call < at) return 0;
  if (call > at && !(takes_room && number("FAULT_STAYS"))) return 0;
  if (number("FAULT_ERRNO") == 0) kill(getpid(), SIGKILL);
  errno = (int)number("FAULT_ERRNO");
  return 1;
}

static int is_below(const char *path) {
  const char *root = getenv("FAULT_ROOT");
  size_t length = root == NULL ? 0 : strlen(root);
  return length > 0 && strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static int held(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return is_below(path);
}

// A path from the root, from the current folder, or through a folder that is held.
static int below(const char *path) {
  static const char held_folder[] = "/proc/self/fd/";
  if (strncmp(path, held_folder, sizeof held_folder - 1) == 0) return held(atoi(path + sizeof held_folder - 1));
  if (path[0] == '/') return is_below(path);
  char cwd[4096];
  return getcwd(cwd, sizeof cwd) != NULL && is_below(cwd);
}

static int changes(const char *name, int is_ours, int takes_room) {
  return is_ours && faulty("change", name, takes_room);
}

static int opens(const char *path, int flags) {
  if (!below(path)) return 0;
  if (flags & (O_CREAT | O_TRUNC) && faulty("change", "open", 1)) return 1;
  // A folder is opened to be synced, or to be held.
  if ((flags & O_ACCMODE) == O_RDONLY && faulty("read", "open", 0)) return 1;
  return faulty("open", "open", 0);
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opens(path, flags) ? -1 : REAL(open64)(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opens(path, flags) ? -1 : REAL(open)(path, flags, mode);
}

DIR *opendir(const char *path) {
  return below(path) && (faulty("open", "opendir", 0) || faulty("list", "opendir", 0)) ? NULL : REAL(opendir)(path);
}

int scandir64(const char *path, struct dirent64 ***list, int (*filter)(const struct dirent64 *),
              int (*order)(const struct dirent64 **, const struct dirent64 **)) {
  if (below(path) && (faulty("open", "scandir", 0) || faulty("list", "scandir", 0))) return -1;
  return REAL(scandir64)(path, list, filter, order);
}

static int reads(int fd) {
  if (!counts("read") || (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY) return 0;
  return held(fd) && faulty("read", "read", 0);
}

ssize_t read(int fd, void *to, size_t length) { return reads(fd) ? -1 : REAL(read)(fd, to, length); }
ssize_t pread64(int fd, void *to, size_t length, off64_t at) {
  return reads(fd) ? -1 : REAL(pread64)(fd, to, length, at);
}
ssize_t readv(int fd, const struct iovec *to, int count) { return reads(fd) ? -1 : REAL(readv)(fd, to, count); }
ssize_t preadv64(int fd, const struct iovec *to, int count, off64_t at) {
  return reads(fd) ? -1 : REAL(preadv64)(fd, to, count, at);
}

static int writes(const char *name, int fd) {
  if (fd == STDOUT_FILENO) return faulty("out", name, 0);
  return counts("change") && changes(name, held(fd), 1);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  return writes("write", fd) ? -1 : REAL(write)(fd, bytes, length);
}
ssize_t writev(int fd, const struct iovec *bytes, int count) {
  return writes("writev", fd) ? -1 : REAL(writev)(fd, bytes, count);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
  return writes("pwrite64", fd) ? -1 : REAL(pwrite64)(fd, bytes, length, at);
}
ssize_t pwritev64(int fd, const struct iovec *bytes, int count, off64_t at) {
  return writes("pwritev", fd) ? -1 : REAL(pwritev64)(fd, bytes, count, at);
}
ssize_t sendfile64(int to, int from, off64_t *at, size_t length) {
  return writes("sendfile", to) ? -1 : REAL(sendfile64)(to, from, at, length);
}

int ioctl(int fd, unsigned long request, ...) {
  va_list rest;
  va_start(rest, request);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  if (request == FICLONE && writes("ioctl", fd)) return -1;
  return REAL(ioctl)(fd, request, argument);
}

// Some calls have no function that everybody has.
long syscall(long call, ...) {
  va_list rest;
  va_start(rest, call);
  long with[6];
  for (int index = 0; index < 6; index++) with[index] = va_arg(rest, long);
  va_end(rest);
  if (call == SYS_copy_file_range && writes("copy_file_range", (int)with[2])) return -1;
  return REAL(syscall)(call, with[0], with[1], with[2], with[3], with[4], with[5]);
}

int ftruncate64(int fd, off64_t length) {
  return changes("ftruncate", held(fd), 1) ? -1 : REAL(ftruncate64)(fd, length);
}
int fsync(int fd) { return changes("fsync", held(fd), 1) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return changes("fdatasync", held(fd), 1) ? -1 : REAL(fdatasync)(fd); }
int fchmod(int fd, mode_t mode) { return changes("fchmod", held(fd), 0) ? -1 : REAL(fchmod)(fd, mode); }
int chmod(const char *path, mode_t mode) {
  return changes("chmod", below(path), 0) ? -1 : REAL(chmod)(path, mode);
}
int mkdir(const char *path, mode_t mode) {
  return changes("mkdir", below(path), 1) ? -1 : REAL(mkdir)(path, mode);
}
char *mkdtemp(char *path) { return changes("mkdir", below(path), 1) ? NULL : REAL(mkdtemp)(path); }
int rename(const char *from, const char *to) {
  return changes("rename", below(to), 1) ? -1 : REAL(rename)(from, to);
}
int link(const char *from, const char *to) { return changes("link", below(to), 1) ? -1 : REAL(link)(from, to); }
int symlink(const char *from, const char *to) {
  return changes("symlink", below(to), 1) ? -1 : REAL(symlink)(from, to);
}
int unlink(const char *path) { return changes("unlink", below(path), 0) ? -1 : REAL(unlink)(path); }
int rmdir(const char *path) { return changes("rmdir", below(path), 0) ? -1 : REAL(rmdir)(path); }

__attribute__((destructor)) static void report(void) {
  const char *name = getenv("FAULT_COUNT");
  FILE *file = name == NULL ? NULL : fopen(name, "w");
  if (file == NULL) return;
  fwrite(names, 1, filled, file);
  fclose(file);
}
