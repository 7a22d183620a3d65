// SPDX-License-Identifier: Apache-2.0
// The other process of the race suites: changes what names mean, until it is killed.
//   exchange A B             the two change places, at once
//   toggle A B               A becomes B and B becomes A again; there is a moment without either
//   replace A B              A is made, and becomes B whatever that was
//   hunt FOLDER PREFIX PATH  whatever in FOLDER begins with PREFIX changes places with PATH, at once
// As fast as it can; with -p before all that, after pauses of a microsecond to two milliseconds, so that it meets
// now many steps of its victim, and now a single one.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static void hunt(int folder, const char *prefix, const char *path) {
  DIR *entries = fdopendir(dup(folder));
  if (entries == NULL) return;
  rewinddir(entries);
  for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
    if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0) continue;
    renameat2(folder, entry->d_name, AT_FDCWD, path, RENAME_EXCHANGE);
  }
  closedir(entries);
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

// Each power of two as often as the others.
static void rest(void) {
  static uint64_t state;
  if (state == 0) state = now() | 1;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  uint64_t nanoseconds = 1000ULL << (state % 12);
  struct timespec time = {0, (long)nanoseconds};
  // A short sleep takes longer than it should.
  if (nanoseconds > 200000) nanosleep(&time, NULL);
  else for (uint64_t end = now() + nanoseconds; now() < end;);
}

int main(int argc, char **argv) {
  // Not even a test that is killed leaves it behind.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  int isPaced = argc > 1 && strcmp(argv[1], "-p") == 0;
  argv += isPaced;
  argc -= isPaced;
  if (argc < 4 || write(STDOUT_FILENO, "ready\n", 6) != 6) return 64;
  int folder = strcmp(argv[1], "hunt") == 0 ? open(argv[2], O_RDONLY | O_DIRECTORY) : -1;
  for (;;) {
    if (folder >= 0) {
      hunt(folder, argv[3], argv[4]);
    } else if (strcmp(argv[1], "exchange") == 0) {
      renameat2(AT_FDCWD, argv[2], AT_FDCWD, argv[3], RENAME_EXCHANGE);
    } else if (strcmp(argv[1], "replace") == 0) {
      close(open(argv[2], O_WRONLY | O_CREAT, 0644));
      rename(argv[2], argv[3]);
    } else {
      rename(argv[2], argv[3]);
      if (isPaced) rest();
      rename(argv[3], argv[2]);
    }
    if (isPaced) rest();
  }
}
