// SPDX-License-Identifier: Apache-2.0
// The other process of the race suite: changes what names mean, as fast as it can, until it is killed.
//   exchange A B             the two change places, at once
//   toggle A B               A becomes B and B becomes A again; there is a moment without either
//   hunt FOLDER PREFIX NAME  whatever in FOLDER begins with PREFIX changes places with NAME, at once
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void hunt(int folder, const char *prefix, const char *name) {
  DIR *entries = fdopendir(dup(folder));
  if (entries == NULL) return;
  rewinddir(entries);
  for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
    if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0) continue;
    renameat2(folder, entry->d_name, folder, name, RENAME_EXCHANGE);
  }
  closedir(entries);
}

int main(int argc, char **argv) {
  // Not even a test that is killed leaves it behind.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (argc < 4 || write(STDOUT_FILENO, "ready\n", 6) != 6) return 64;
  int folder = strcmp(argv[1], "hunt") == 0 ? open(argv[2], O_RDONLY | O_DIRECTORY) : -1;
  for (;;) {
    if (folder >= 0) {
      hunt(folder, argv[3], argv[4]);
    } else if (strcmp(argv[1], "exchange") == 0) {
      renameat2(AT_FDCWD, argv[2], AT_FDCWD, argv[3], RENAME_EXCHANGE);
    } else {
      rename(argv[2], argv[3]);
      rename(argv[3], argv[2]);
    }
  }
}
