/*
 * Preloaded into Dovecot's processes: tells a client in IDLE about new mail at once.
 *
 * Stock Dovecot 2.3 waits half a second between the kernel's word that a mailbox has changed and
 * looking into it, so that many changes make one notification (lib-storage/mailbox-watch.c). The
 * wait is compiled in. It is made a few milliseconds here, for that caller alone.
 *
 * A client that is quiet is handed to another process, imap-hibernate. A change that comes between
 * the last look into the mailbox and that hand-over would be forgotten: imap-hibernate watches from
 * then on only. The hand-over is refused here while there is such a change; Dovecot then goes on
 * watching, as for a client that cannot hibernate.
 *
 * Only functions that Dovecot exports are used, and each is looked up: where one is missing, the
 * stock behaviour stays.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#define DELAY_MSECS 5
#define INSTANCE_WAIT_MSECS 20
#define INSTANCE_WAITS 15

typedef void callback_t(void *context);
struct timeout;
struct mailbox;

static struct {
	struct timeout *timer;
	callback_t *callback;
	void *context;
} pending;

/* The inotify instances through which this process hears of changes: Dovecot makes one for each of
   its event loops. And how many were made so far to be given away at present. */
#define MOST_INSTANCES 16
static int own_instances[MOST_INSTANCES];
static int own_count;
static enum { NOT_GIVING, GIVES_FIRST, GIVES_REST } giving;

/*
 * The kernel gives one user 128 instances unless told otherwise, and a client takes one, hibernated or
 * not. Before it drops its rights, an imap process therefore makes all that it will need, under an id
 * that hardly any other process has. A session takes one when it is hibernated; the number of sessions
 * of a process (service_count in dovecot.conf) goes with this.
 */
#define MADE_AHEAD 33
#define FIRST_ID 20000
#define IDS 40000
static int ahead[MADE_AHEAD];
static int ahead_count;

static void fired(void *context)
{
	callback_t *callback = pending.callback;

	(void)context;
	pending.timer = NULL;
	callback(pending.context);
}

static int is_mailbox_watch(const char *source)
{
	static const char name[] = "mailbox-watch.c";
	size_t length = source == NULL ? 0 : strlen(source);

	return length >= sizeof(name) - 1 &&
	       strcmp(source + length - (sizeof(name) - 1), name) == 0;
}

struct timeout *timeout_add_short(unsigned int msecs, const char *source, unsigned int line,
				  callback_t *callback, void *context)
{
	static struct timeout *(*real)(unsigned int, const char *, unsigned int, callback_t *,
				       void *);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "timeout_add_short");
	if (!is_mailbox_watch(source) || pending.timer != NULL)
		return real(msecs, source, line, callback, context);
	pending.callback = callback;
	pending.context = context;
	pending.timer = real(DELAY_MSECS, source, line, fired, NULL);
	return pending.timer;
}

void timeout_remove(struct timeout **timer)
{
	static void (*real)(struct timeout **);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "timeout_remove");
	if (timer != NULL && *timer != NULL && *timer == pending.timer)
		pending.timer = NULL;
	real(timer);
}

static void remember(int fd)
{
	for (int i = 0; i < own_count; i++) {
		if (own_instances[i] == fd)
			return;
	}
	if (own_count < MOST_INSTANCES)
		own_instances[own_count++] = fd;
}

/* A descriptor that was closed may be anything else by now. */
static int is_instance(int fd)
{
	static const char name[] = "anon_inode:inotify";
	char path[32], target[sizeof(name)];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return readlink(path, target, sizeof(target)) == (ssize_t)sizeof(name) - 1 &&
	       memcmp(target, name, sizeof(name) - 1) == 0;
}

static int real_init1(int flags)
{
	static int (*real)(int);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "inotify_init1");
	return real(flags);
}

__attribute__((constructor)) static void make_ahead(void)
{
	if (strcmp(program_invocation_short_name, "imap") != 0 || geteuid() != 0 ||
	    seteuid(FIRST_ID + (uid_t)getpid() % IDS) == -1)
		return;
	while (ahead_count < MADE_AHEAD) {
		int fd = real_init1(IN_NONBLOCK | IN_CLOEXEC);

		if (fd == -1)
			break;
		ahead[ahead_count++] = fd;
	}
	if (seteuid(0) == -1)
		abort();
}

/*
 * A process that gets no instance neither hears of changes at once nor can be hibernated, until its
 * client goes. One comes free whenever a client comes out of hibernation, so it is worth waiting a
 * moment, and no longer: a client that has just come out is told of its mail after this.
 */
static int instance(int flags)
{
	const struct timespec wait = {0, INSTANCE_WAIT_MSECS * 1000000L};
	int fd;

	/* Dovecot replaces what it gives away, only to close that. */
	if (giving == GIVES_REST)
		return eventfd(0, EFD_CLOEXEC);
	fd = ahead_count > 0 ? ahead[--ahead_count] : real_init1(flags);
	for (int i = 0; fd == -1 && errno == EMFILE && i < INSTANCE_WAITS; i++) {
		nanosleep(&wait, NULL);
		fd = real_init1(flags);
	}
	if (giving == GIVES_FIRST)
		giving = GIVES_REST;
	else if (fd != -1)
		remember(fd);
	return fd;
}

int inotify_init1(int flags)
{
	return instance(flags);
}

int inotify_init(void)
{
	return instance(0);
}

static int has_news(void)
{
	if (pending.timer != NULL)
		return 1;
	for (int i = 0; i < own_count; i++) {
		struct pollfd instance = {.fd = own_instances[i], .events = POLLIN};

		if (is_instance(instance.fd) && poll(&instance, 1, 0) > 0 &&
		    (instance.revents & POLLIN))
			return 1;
	}
	return 0;
}

int mailbox_watch_extract_notify_fd(struct mailbox *box, const char **reason)
{
	static int (*real)(struct mailbox *, const char **);
	int fd;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "mailbox_watch_extract_notify_fd");
	giving = GIVES_FIRST;
	fd = real(box, reason);
	giving = NOT_GIVING;
	/* Asked only now: what comes later is heard by the instance that was made. */
	if (fd != -1 && has_news()) {
		close(fd);
		*reason = "the mailbox has just changed";
		fd = -1;
	}
	return fd;
}
