// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "text.h"

static char config[8192];

long read_config(void) {
  long file = open_file("/latticra/config", O_RDONLY);
  if (file < 0) return file;
  u64 length = 0;
  for (;;) {
    long count = call(SYS_READ, file, (long)(config + length), (long)(sizeof config - 1 - length), 0, 0);
    if (count < 0) return count;
    if (count == 0) break;
    length += (u64)count;
  }
  close_file(file);
  config[length] = 0;
  return 0;
}

const char *next_value(const char *from, const char *key) {
  u64 length = length_of(key);
  const char *line = config;
  if (from != 0) {
    while (*from != 0 && *from != '\n') from++;
    line = *from == 0 ? from : from + 1;
  }
  while (*line != 0) {
    u64 at = 0;
    while (at < length && line[at] == key[at]) at++;
    if (at == length && line[at] == '=') return line + at + 1;
    while (*line != 0 && *line != '\n') line++;
    if (*line == '\n') line++;
  }
  return 0;
}

int copy_value(const char *value, char *into, u64 size) {
  u64 at = 0;
  if (value == 0) return 0;
  for (; value[at] != 0 && value[at] != '\n'; at++) {
    if (at + 1 >= size) return 0;
    into[at] = value[at];
  }
  into[at] = 0;
  return at > 0;
}

int number_of(const char *value, u64 *number) {
  u64 sum = 0;
  if (value == 0 || *value < '0' || *value > '9') return 0;
  for (; *value >= '0' && *value <= '9'; value++) {
    if (sum > ((u64)1 << 59)) return 0;
    sum = sum * 10 + (u64)(*value - '0');
  }
  *number = sum;
  return *value == 0 || *value == '\n';
}

static int digit_of(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  return -1;
}

int uuid_of(const char *value, u8 *uuid) {
  u32 digits = 0;
  if (value == 0) return 0;
  for (; *value != 0 && *value != '\n'; value++) {
    if (*value == '-') continue;
    int digit = digit_of(*value);
    if (digit < 0 || digits >= 32) return 0;
    uuid[digits / 2] = (u8)((digits % 2 == 0 ? 0 : uuid[digits / 2] << 4) | digit);
    digits++;
  }
  return digits == 32;
}
