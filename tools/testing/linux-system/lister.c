/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists a tree as the kernel shows it, without its contents, one line a file:
 *
 *   path mode uid gid links size mtime.ns major:minor target name=value...
 *
 * Every byte that is no plain character is written as %xx; what a file has none of is a dash. Other file systems that
 * are mounted in the tree are left out. Built without libraries, so that it runs in any system.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

static dev_t device;
static size_t skip;

static void put(const char *bytes, size_t size) {
  for (size_t at = 0; at < size; at++) {
    unsigned char byte = (unsigned char)bytes[at];
    if (byte > 0x20 && byte < 0x7f && byte != '%' && byte != '=') putchar(byte);
    else printf("%%%02x", byte);
  }
}

static void fail(const char *path) {
  perror(path);
  printf("FAILED %s\n", path);
  exit(1);
}

static void put_attributes(const char *path) {
  static char names[65536], value[65536];
  ssize_t size = llistxattr(path, names, sizeof names);
  if (size < 0) fail(path);
  for (char *name = names; name < names + size; name += strlen(name) + 1) {
    ssize_t length = lgetxattr(path, name, value, sizeof value);
    if (length < 0) fail(path);
    putchar(' ');
    put(name, strlen(name));
    putchar('=');
    put(value, (size_t)length);
  }
}

static void list(const char *path) {
  struct stat info;
  if (lstat(path, &info) != 0) fail(path);
  if (info.st_dev != device) return;
  if (path[skip] == '\0') putchar('.');
  else put(path + skip + 1, strlen(path + skip + 1));
  printf(" %o %u %u %lu %lld %lld.%09ld ", info.st_mode, info.st_uid, info.st_gid,
         (unsigned long)info.st_nlink, S_ISDIR(info.st_mode) ? 0 : (long long)info.st_size,
         (long long)info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
  if (S_ISCHR(info.st_mode) || S_ISBLK(info.st_mode)) printf("%u:%u ", major(info.st_rdev), minor(info.st_rdev));
  else printf("- ");
  if (S_ISLNK(info.st_mode)) {
    static char target[65536];
    ssize_t length = readlink(path, target, sizeof target);
    if (length < 0) fail(path);
    put(target, (size_t)length);
  } else putchar('-');
  put_attributes(path);
  putchar('\n');
  if (!S_ISDIR(info.st_mode)) return;
  struct dirent **entries;
  int count = scandir(path, &entries, NULL, alphasort);
  if (count < 0) fail(path);
  for (int at = 0; at < count; at++) {
    const char *name = entries[at]->d_name;
    if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
      char *below;
      if (asprintf(&below, "%s/%s", path, name) < 0) fail(path);
      list(below);
      free(below);
    }
    free(entries[at]);
  }
  free(entries);
}

int main(int count, char **words) {
  struct stat info;
  if (count != 2 || lstat(words[1], &info) != 0) return 2;
  device = info.st_dev;
  skip = strlen(words[1]);
  list(words[1]);
  return fflush(stdout) == 0 ? 0 : 1;
}
