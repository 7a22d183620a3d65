// SPDX-License-Identifier: Apache-2.0
// Preloaded into a process: counts its calls that create, change or remove something below the folder FAULT_ROOT, in
// the order they come, whatever thread they come from. From the environment:
//   FAULT_AT=N       what happens at the Nth call, instead of it
//   FAULT_ERRNO=E    it fails with that number; without this the process is killed
//   FAULT_STAYS=1    so do all after it that take room on the disk
//   FAULT_COUNT=F    at the end, how many calls there were is written to this file
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long calls;

static long number(const char *name) {
  const char *text = getenv(name);
  return text == NULL ? 0 : atol(text);
}

// Whether the call is to fail; does not come back where it is to be the last.
static int faulty(int takes_room) {
  long call = atomic_fetch_add(&calls, 1) + 1, at = number("FAULT_AT");
  if (at == 0 || call < at) return 0;
  if (call > at && !(takes_room && number("FAULT_STAYS"))) return 0;
  if (number("FAULT_ERRNO") == 0) kill(getpid(), SIGKILL);
  errno = (int)number("FAULT_ERRNO");
  return 1;
}

static int below(const char *path) {
  const char *root = getenv("FAULT_ROOT");
  return root != NULL && strncmp(path, root, strlen(root)) == 0;
}

static int held(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return below(path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  if (flags & (O_CREAT | O_DIRECTORY) && below(path) && faulty(flags & O_CREAT)) return -1;
  return REAL(open64)(path, flags, mode);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  return held(fd) && faulty(1) ? -1 : REAL(write)(fd, bytes, length);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
  return held(fd) && faulty(1) ? -1 : REAL(pwrite64)(fd, bytes, length, at);
}

int ftruncate64(int fd, off64_t length) { return held(fd) && faulty(1) ? -1 : REAL(ftruncate64)(fd, length); }
int fsync(int fd) { return held(fd) && faulty(1) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return held(fd) && faulty(1) ? -1 : REAL(fdatasync)(fd); }
int fchmod(int fd, mode_t mode) { return held(fd) && faulty(0) ? -1 : REAL(fchmod)(fd, mode); }
int chmod(const char *path, mode_t mode) { return below(path) && faulty(0) ? -1 : REAL(chmod)(path, mode); }
int mkdir(const char *path, mode_t mode) { return below(path) && faulty(1) ? -1 : REAL(mkdir)(path, mode); }
int rename(const char *from, const char *to) { return below(to) && faulty(1) ? -1 : REAL(rename)(from, to); }
int unlink(const char *path) { return below(path) && faulty(0) ? -1 : REAL(unlink)(path); }
int rmdir(const char *path) { return below(path) && faulty(0) ? -1 : REAL(rmdir)(path); }

__attribute__((destructor)) static void report(void) {
  const char *name = getenv("FAULT_COUNT");
  FILE *file = name == NULL ? NULL : fopen(name, "w");
  if (file == NULL) return;
  fprintf(file, "%ld", atomic_load(&calls));
  fclose(file);
}
