// SPDX-License-Identifier: Apache-2.0
// Preloaded into a process: of every read and write of a file below the folder SHORT_ROOT only half is done, as a
// network disk may do. With SHORT_KILL=N the process is killed in the Nth write, when that half is on its way.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long writes;

static int below(int fd) {
  char link[64], path[4096];
  const char *root = getenv("SHORT_ROOT");
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (root == NULL || length < 0) return 0;
  path[length] = 0;
  return strncmp(path, root, strlen(root)) == 0;
}

static size_t half(size_t length) { return length < 2 ? length : length / 2; }

static void written(void) {
  const char *last = getenv("SHORT_KILL");
  if (last != NULL && atomic_fetch_add(&writes, 1) + 1 == atol(last)) kill(getpid(), SIGKILL);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t pread64(int fd, void *bytes, size_t length, off64_t at) {
  return REAL(pread64)(fd, bytes, below(fd) ? half(length) : length, at);
}

ssize_t read(int fd, void *bytes, size_t length) {
  return REAL(read)(fd, bytes, below(fd) ? half(length) : length);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
  if (!below(fd)) return REAL(pwrite64)(fd, bytes, length, at);
  ssize_t done = REAL(pwrite64)(fd, bytes, half(length), at);
  written();
  return done;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  if (!below(fd)) return REAL(write)(fd, bytes, length);
  ssize_t done = REAL(write)(fd, bytes, half(length));
  written();
  return done;
}
