/* A disk that does not answer: while the file $STALL_WHILE is there, reading a file whose path has
 * "stalls" in it waits. Loaded into the program before its libraries. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int stalls(int fd) {
  const char *flag = getenv("STALL_WHILE");
  char link[64], path[4096];
  ssize_t length;
  if (!flag || access(flag, F_OK) != 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return strstr(path, "stalls") != NULL;
}

static void wait_for(int fd) {
  while (stalls(fd)) usleep(20000);
}

ssize_t read(int fd, void *into, size_t length) {
  static ssize_t (*real)(int, void *, size_t);
  if (!real) real = (ssize_t(*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");
  wait_for(fd);
  return real(fd, into, length);
}

ssize_t pread64(int fd, void *into, size_t length, off64_t from) {
  static ssize_t (*real)(int, void *, size_t, off64_t);
  if (!real) real = (ssize_t(*)(int, void *, size_t, off64_t))dlsym(RTLD_NEXT, "pread64");
  wait_for(fd);
  return real(fd, into, length, from);
}
