// SPDX-License-Identifier: Apache-2.0
#include "mapper.h"

#include "text.h"

#define NODE "/latticra/mapper"

struct request {
  u32 version[3];
  u32 data_size;
  u32 data_start;
  u32 target_count;
  int open_count;
  u32 flags;
  u32 event_number;
  u32 padding;
  u64 device;
  char name[128];
  char uuid[129];
  char data[7];
  // What a table is made of: one target, and its parameters.
  u64 target_start;
  u64 target_sectors;
  int target_status;
  u32 target_next;
  char target_type[16];
  char parameters[1024];
};

_Static_assert(__builtin_offsetof(struct request, target_start) == 312, "the header of a request has 312 bytes");

enum { READ_ONLY = 1, PERSISTENT_DEVICE = 8 };
enum { CREATE = 3, REMOVE = 4, SUSPEND = 6, LOAD = 9 };

// _IOWR(0xfd, command, struct dm_ioctl)
static long ask(long mapper, u32 command, struct request *request) {
  long number = (long)(0xc0000000u | 312u << 16 | 0xfdu << 8 | command);
  return call(SYS_IOCTL, mapper, number, (long)request, 0, 0);
}

static void begin(struct request *request, const char *name, u32 flags) {
  memset(request, 0, sizeof *request);
  request->version[0] = 4;
  request->data_size = sizeof *request;
  request->data_start = 312;
  request->flags = flags;
  memcpy(request->name, name, length_of(name));
}

static void write_device(u64 number, char *device) {
  struct text text;
  clear(&text);
  add_number(&text, number >> 8 & 0xfff);
  add(&text, ":");
  add_number(&text, (number & 0xff) | (number >> 12 & ~0xfful));
  memcpy(device, text.bytes, text.length + 1);
}

long open_mapper(void) {
  call(SYS_MKNOD, (long)NODE, S_IFCHR | 0600, (long)device_number(10, 236), 0, 0);
  long mapper = open_file(NODE, O_RDWR);
  call(SYS_UNLINK, (long)NODE, 0, 0, 0, 0);
  return mapper;
}

long map_device(long mapper, const char *name, u32 minor, const char *target, u64 sectors, const char *table,
                char *device) {
  static struct request request;
  begin(&request, name, PERSISTENT_DEVICE);
  request.device = device_number(0, minor);
  long result = ask(mapper, CREATE, &request);
  if (result < 0) return result;
  if (device != 0) write_device(request.device, device);

  begin(&request, name, READ_ONLY);
  request.target_count = 1;
  request.target_sectors = sectors;
  memcpy(request.target_type, target, length_of(target));
  memcpy(request.parameters, table, length_of(table));
  result = ask(mapper, LOAD, &request);
  if (result >= 0) {
    begin(&request, name, 0);
    result = ask(mapper, SUSPEND, &request);  // without the flag to suspend: resumes with the new table
  }
  if (result < 0) {
    begin(&request, name, 0);
    ask(mapper, REMOVE, &request);
  }
  return result;
}
