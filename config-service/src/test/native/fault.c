/*
 * Preloaded into a process, it kills that with signal 9 before the FAULT_AT-th call by which a file
 * becomes durable, gets its name, or goes. At an ordinary end it writes the number of these calls to
 * the file FAULT_COUNT.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_long calls;

static void step(void)
{
  const char *at = getenv("FAULT_AT");
  long call = atomic_fetch_add(&calls, 1) + 1;
  if (at != NULL && call == atol(at)) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }
}

__attribute__((destructor)) static void tell(void)
{
  const char *path = getenv("FAULT_COUNT");
  FILE *file = path == NULL ? NULL : fopen(path, "w");
  if (file != NULL) {
    fprintf(file, "%ld\n", atomic_load(&calls));
    fclose(file);
  }
}

int fsync(int fd)
{
  int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  step();
  return next(fd);
}

int rename(const char *from, const char *to)
{
  int (*next)(const char *, const char *) = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
  step();
  return next(from, to);
}

int unlink(const char *path)
{
  int (*next)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
  step();
  return next(path);
}
