// SPDX-License-Identifier: Apache-2.0
#include "root.h"

#include "config.h"
#include "mapper.h"
#include "medium.h"
#include "text.h"

// Minor numbers, so that the root is /dev/dm-1 however it is made.
enum { MEDIUM_MINOR = 0, ROOT_MINOR = 1 };
enum { SECTORS_PER_BLOCK = 8, BLOCK = 4096 };

struct root {
  int is_verified;
  u64 blocks;  // of data
  u64 total;   // with what verifies it
  char hash[129];
  char salt[513];
};

static int read_root(struct root *root, struct sought *sought) {
  char mode[16];
  if (!copy_value(next_value(0, "root"), mode, sizeof mode)) return 0;
  root->is_verified = is_same(mode, "verity", sizeof "verity");
  if (!root->is_verified && !is_same(mode, "plain", sizeof "plain")) return 0;
  if (!number_of(next_value(0, "blocks"), &root->blocks) || root->blocks == 0) return 0;
  if (!uuid_of(next_value(0, "uuid"), sought->uuid)) return 0;
  if (!root->is_verified) {
    // EROFS: its superblock lies 1024 bytes into it, the UUID 48 bytes into that.
    sought->mark_offset = 1024;
    sought->mark = "\xe2\xe1\xf5\xe0";
    sought->mark_size = 4;
    sought->uuid_offset = 48;
    return 1;
  }
  // dm-verity: its superblock lies behind the data.
  sought->mark_offset = root->blocks * BLOCK;
  sought->mark = "verity\0\0\1\0\0\0\1\0\0";
  sought->mark_size = 16;
  sought->uuid_offset = 16;
  return number_of(next_value(0, "total"), &root->total) && root->total > root->blocks &&
         copy_value(next_value(0, "hash"), root->hash, sizeof root->hash) &&
         copy_value(next_value(0, "salt"), root->salt, sizeof root->salt);
}

static long map_linear(long mapper, const struct medium *medium, const char *name, u32 minor, u64 blocks,
                       char *device) {
  struct text table;
  clear(&table);
  add(&table, medium->device);
  add(&table, " ");
  add_number(&table, medium->sector);
  return map_device(mapper, name, minor, "linear", blocks * SECTORS_PER_BLOCK, table.bytes, device);
}

static long map_verity(long mapper, const struct root *root, const char *device) {
  struct text table;
  clear(&table);
  add(&table, "1 ");
  add(&table, device);
  add(&table, " ");
  add(&table, device);
  add(&table, " 4096 4096 ");
  add_number(&table, root->blocks);
  add(&table, " ");
  add_number(&table, root->blocks + 1);
  add(&table, " sha256 ");
  add(&table, root->hash);
  add(&table, " ");
  add(&table, root->salt);
  add(&table, " 1 panic_on_corruption");
  if (table.is_cut) return -1;
  return map_device(mapper, "latticra-root", ROOT_MINOR, "verity", root->blocks * SECTORS_PER_BLOCK, table.bytes, 0);
}

static void say_found(const char *how, const struct medium *medium, const char *what) {
  struct text line;
  clear(&line);
  add(&line, medium->name);
  add(&line, " at sector ");
  add_number(&line, medium->sector);
  add(&line, what);
  say(how, line.bytes);
}

void make_root(void) {
  struct root root;
  struct sought sought;
  struct medium medium;
  char device[32];
  if (!read_root(&root, &sought)) return fail("the configuration of the root is incomplete", "", 0);
  long mapper = open_mapper();
  if (mapper < 0) return fail("the kernel has no device mapper", "", mapper);
  long found = find_medium(&sought, &medium);
  if (found == -1) return fail("no disk or CD holds the root of this system", "", 0);
  if (found < 0) return fail("the kernel's devices cannot be looked at", "", found);

  long result;
  if (root.is_verified) {
    result = map_linear(mapper, &medium, "latticra-medium", MEDIUM_MINOR, root.total, device);
    if (result < 0) return fail("the kernel does not map ", medium.name, result);
    result = map_verity(mapper, &root, device);
    if (result < 0) return fail("the kernel does not map the root for verification on ", medium.name, result);
    return say_found("verified root on ", &medium, " is /dev/dm-1");
  }
  result = map_linear(mapper, &medium, "latticra-root", ROOT_MINOR, root.blocks, device);
  if (result < 0) return fail("the kernel does not map ", medium.name, result);
  say_found("root, not verified, on ", &medium, " is /dev/dm-1");
}
