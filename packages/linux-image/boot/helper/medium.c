// SPDX-License-Identifier: Apache-2.0
#include "medium.h"

#include "config.h"
#include "text.h"

#define DEVICES "/latticra/sys/class/block"
#define NODE "/latticra/medium"

enum { SUPERBLOCK_ROOM = 64, WAIT_ROUNDS = 200 };

struct entry {
  u64 inode;
  u64 next;
  unsigned short size;
  u8 type;
  char name[];
};

static int starts_with(const char *text, const char *start) { return is_same(text, start, length_of(start)); }

// Devices that are made of others, or of memory, or that are slow to say that they hold nothing.
static int is_passed_over(const char *name) {
  static const char *const OTHERS[] = {".", "loop", "ram", "zram", "dm-", "md", "fd", "nbd"};
  for (u32 at = 0; at < sizeof OTHERS / sizeof OTHERS[0]; at++)
    if (starts_with(name, OTHERS[at])) return 1;
  return 0;
}

static long open_attribute(const char *name, const char *attribute) {
  struct text path;
  clear(&path);
  add(&path, DEVICES "/");
  add(&path, name);
  add(&path, attribute);
  return open_file(path.bytes, O_RDONLY);
}

static int is_partition(const char *name) {
  long file = open_attribute(name, "/partition");
  if (file < 0) return 0;
  close_file(file);
  return 1;
}

// Reads "8:0\n" into `device`, and gives it as a number. Returns whether there was one.
static int read_device(const char *name, char *device, u64 size, u64 *number) {
  long file = open_attribute(name, "/dev");
  if (file < 0) return 0;
  long count = call(SYS_READ, file, (long)device, (long)size - 1, 0, 0);
  close_file(file);
  if (count <= 0) return 0;
  if (device[count - 1] == '\n') count--;
  device[count] = 0;
  u32 parts[2] = {0, 0};
  u32 part = 0;
  for (char *at = device; *at != 0; at++) {
    if (*at == ':') part = 1;
    else parts[part] = parts[part] * 10 + (u32)(*at - '0');
  }
  *number = device_number(parts[0], parts[1]);
  return part == 1;
}

static int is_root_at(long file, const struct sought *sought, u64 sector) {
  u8 bytes[SUPERBLOCK_ROOM];
  u64 at = sector * 512 + sought->mark_offset;
  if (call(SYS_PREAD, file, (long)bytes, sizeof bytes, (long)at, 0) != (long)sizeof bytes) return 0;
  return is_same(bytes, sought->mark, sought->mark_size) &&
         is_same(bytes + sought->uuid_offset, sought->uuid, sizeof sought->uuid);
}

// Looks at every configured sector of one device.
static int is_medium(u64 number, const struct sought *sought, u64 *sector) {
  int found = 0;
  call(SYS_UNLINK, (long)NODE, 0, 0, 0, 0);
  if (call(SYS_MKNOD, (long)NODE, S_IFBLK | 0600, (long)number, 0, 0) < 0) return 0;
  long file = open_file(NODE, O_RDONLY | O_NONBLOCK);
  call(SYS_UNLINK, (long)NODE, 0, 0, 0, 0);
  if (file < 0) return 0;
  const char *value = next_value(0, "sector");
  for (; value != 0 && !found; value = next_value(value, "sector"))
    found = number_of(value, sector) && is_root_at(file, sought, *sector);
  close_file(file);
  return found;
}

static int look_at(const char *name, const struct sought *sought, struct medium *medium) {
  u64 number;
  if (is_passed_over(name) || is_partition(name)) return 0;
  if (!read_device(name, medium->device, sizeof medium->device, &number)) return 0;
  return copy_value(name, medium->name, sizeof medium->name) && is_medium(number, sought, &medium->sector);
}

static int look_at_all(const struct sought *sought, struct medium *medium) {
  static char entries[4096] __attribute__((aligned(8)));
  int found = 0;
  long folder = open_file(DEVICES, O_RDONLY | O_DIRECTORY);
  if (folder < 0) return 0;
  while (!found) {
    long count = call(SYS_GETDENTS64, folder, (long)entries, sizeof entries, 0, 0);
    if (count <= 0) break;
    for (long at = 0; at < count && !found;) {
      struct entry *entry = (struct entry *)(entries + at);
      found = look_at(entry->name, sought, medium);
      at += entry->size;
    }
  }
  close_file(folder);
  return found;
}

static void sleep_milliseconds(u64 milliseconds) {
  u64 time[2] = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  call(SYS_NANOSLEEP, (long)time, 0, 0, 0, 0);
}

long find_medium(const struct sought *sought, struct medium *medium) {
  call(SYS_MKDIR, (long)"/latticra/sys", 0700, 0, 0, 0);
  // Not read-only, though nothing is written: it would be so for everybody, as there is one sysfs.
  long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  long mounted = call(SYS_MOUNT, (long)"sysfs", (long)"/latticra/sys", (long)"sysfs", flags, 0);
  if (mounted < 0) return mounted;
  // Often at first, so that nobody waits for us; seldom later, so that drives are left in peace: a minute in all.
  for (u32 round = 0; round < WAIT_ROUNDS; round++) {
    if (look_at_all(sought, medium)) return 0;
    sleep_milliseconds(round < 100 ? 50 : 550);
  }
  return -1;
}
