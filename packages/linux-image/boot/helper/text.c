// SPDX-License-Identifier: Apache-2.0
#include "text.h"

void *memset(void *into, int value, u64 length) {
  u8 *at = into;
  while (length-- > 0) *at++ = (u8)value;
  return into;
}

void *memcpy(void *into, const void *from, u64 length) {
  u8 *at = into;
  const u8 *source = from;
  while (length-- > 0) *at++ = *source++;
  return into;
}

int is_same(const void *a, const void *b, u64 length) {
  const u8 *one = a, *other = b;
  while (length-- > 0)
    if (*one++ != *other++) return 0;
  return 1;
}

u64 length_of(const char *text) {
  u64 length = 0;
  while (text[length] != 0) length++;
  return length;
}

void clear(struct text *text) {
  text->length = 0;
  text->is_cut = 0;
  text->bytes[0] = 0;
}

void add(struct text *text, const char *more) {
  for (; *more != 0; more++) {
    if (text->length + 1 >= sizeof text->bytes) {
      text->is_cut = 1;
      break;
    }
    text->bytes[text->length++] = *more;
  }
  text->bytes[text->length] = 0;
}

void add_number(struct text *text, u64 number) {
  char digits[21];
  u32 at = sizeof digits - 1;
  digits[at] = 0;
  do {
    digits[--at] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  add(text, digits + at);
}

// The log's device needs a node: at this time /dev may hold nothing.
static void write_line(struct text *line) {
  add(line, "\n");
  static const char NODE[] = "/latticra/kmsg";
  call(SYS_MKNOD, (long)NODE, S_IFCHR | 0600, (long)device_number(1, 11), 0, 0);
  long log = open_file(NODE, O_WRONLY);
  if (log < 0) {
    call(SYS_WRITE, 2, (long)line->bytes, line->length, 0, 0);
    return;
  }
  call(SYS_WRITE, log, (long)line->bytes, line->length, 0, 0);
  close_file(log);
}

void say(const char *what, const char *about) {
  struct text line;
  clear(&line);
  // Priority 5, notice: a kernel that is told to be quiet does not show it, and one that is not does.
  add(&line, "<5>latticra: ");
  add(&line, what);
  add(&line, about);
  write_line(&line);
}

void fail(const char *what, const char *about, long error) {
  struct text line;
  clear(&line);
  // Priority 3, error.
  add(&line, "<3>latticra: error: ");
  add(&line, what);
  add(&line, about);
  if (error < 0) {
    add(&line, " (errno ");
    add_number(&line, (u64)-error);
    add(&line, ")");
  }
  write_line(&line);
}
