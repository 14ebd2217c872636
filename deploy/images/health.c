/*
 * Whether what a container is for works, asked as a client would: health CHECK...
 *
 *   http:HOST:PORT/PATH     answers 200
 *   says:HOST:PORT:WORDS    greets with these words
 *   kafka:HOST:PORT         a broker tells which requests it knows
 *   open:HOST:PORT          takes connections
 *
 * Exit code 0 if all of it holds, else 1 and a line about the first that does not. The images have no
 * program that could do it, and a JVM every few seconds would cost more than the relay itself.
 *
 * With "pause" before the checks: until all of it held once, asks five times a second for some seconds, so
 * that an engine knows at once when a start is done; later waits before it asks. Engines before version 25 have one
 * interval for both, and starting a program in a container costs them more than the checks do.
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define PATIENCE_SECONDS 5
#define LONGEST 512
#define PAUSE_SECONDS 9
#define TRIES 100
#define BETWEEN_TRIES_MICROSECONDS 200000
/* In memory: a container that starts anew has none. */
#define HELD_ONCE "/tmp/.healthy"

static const char *checked;
static char problem[2 * LONGEST];

static int fails(const char *why)
{
	snprintf(problem, sizeof(problem), "%s: %s", checked, why);
	return 1;
}

static int connected(const char *host, const char *port)
{
	const struct addrinfo wanted = { .ai_socktype = SOCK_STREAM };
	const struct timeval patience = { .tv_sec = PATIENCE_SECONDS };
	struct addrinfo *found, *one;
	int made = -1;

	if (getaddrinfo(host, port, &wanted, &found) != 0)
		return -1;
	for (one = found; one != NULL && made < 0; one = one->ai_next) {
		made = socket(one->ai_family, one->ai_socktype, one->ai_protocol);
		if (made < 0)
			continue;
		setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
		if (connect(made, one->ai_addr, one->ai_addrlen) != 0) {
			close(made);
			made = -1;
		}
	}
	freeaddrinfo(found);
	return made;
}

/* Reads until so much is there, the other end is done or patience is over. */
static size_t receive(int connection, char *into, size_t enough)
{
	size_t got = 0;

	while (got < enough) {
		ssize_t now = recv(connection, into + got, enough - got, 0);
		if (now <= 0)
			break;
		got += now;
	}
	return got;
}

static int send_all(int connection, const void *data, size_t size)
{
	return send(connection, data, size, MSG_NOSIGNAL) == (ssize_t)size;
}

static int http(int connection, const char *path)
{
	char text[LONGEST];
	static const char ok[] = "HTTP/1.1 200";
	int length = snprintf(text, sizeof(text),
	    "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);

	if (length < 0 || length >= (int)sizeof(text))
		return fails("the path is too long");
	if (!send_all(connection, text, length) ||
	    receive(connection, text, sizeof(ok) - 1) < sizeof(ok) - 1)
		return fails("does not answer");
	return memcmp(text, ok, sizeof(ok) - 1) == 0 ? 0 : fails("does not answer with 200");
}

static int says(int connection, const char *words)
{
	char text[LONGEST];
	size_t length = strlen(words);

	if (length > sizeof(text))
		return fails("the words are too long");
	if (receive(connection, text, length) < length || memcmp(text, words, length) != 0)
		return fails("does not greet");
	/* Each takes leave in the words of its protocol, or the other end would log a lost client. */
	if (strncmp(words, "220", 3) == 0)
		send_all(connection, "QUIT\r\n", 6);
	else
		send_all(connection, "a LOGOUT\r\n", 10);
	while (receive(connection, text, sizeof(text)) == sizeof(text))
		;
	return 0;
}

static int kafka(int connection)
{
	/* ApiVersions, version 0, of client "h": what every client asks first. */
	static const unsigned char question[] = { 0, 0, 0, 11, 0, 18, 0, 0, 0, 0, 0, 1, 0, 1, 'h' };
	/* Size, correlation, error code. */
	unsigned char answer[10];

	if (!send_all(connection, question, sizeof(question)) ||
	    receive(connection, (char *)answer, sizeof(answer)) < sizeof(answer))
		return fails("does not answer");
	return answer[7] == 1 && answer[8] == 0 && answer[9] == 0 ? 0 : fails("answers with an error");
}

static int check(char *what)
{
	char *host = strchr(what, ':');
	char *port = host == NULL ? NULL : strchr(host + 1, ':');
	char *rest;
	char path[LONGEST];
	int connection, result;

	if (port == NULL)
		return fails("is no check");
	*host++ = 0;
	*port++ = 0;
	rest = port + strspn(port, "0123456789");
	snprintf(path, sizeof(path), "%s", rest);
	*rest = 0;
	connection = connected(host, port);
	if (connection < 0)
		return fails(strerror(errno));
	if (strcmp(what, "http") == 0)
		result = http(connection, path);
	else if (strcmp(what, "says") == 0)
		result = says(connection, path + 1);
	else if (strcmp(what, "kafka") == 0)
		result = kafka(connection);
	else if (strcmp(what, "open") == 0)
		result = 0;
	else
		result = fails("is no check");
	close(connection);
	return result;
}

static int all(int count, char **checks)
{
	int i;

	for (i = 0; i < count; i++) {
		char *copy = strdup(checks[i]);
		int failed;

		checked = checks[i];
		failed = copy == NULL || check(copy) != 0;
		free(copy);
		if (failed)
			return 1;
	}
	return 0;
}

static int until_all(int count, char **checks)
{
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		if (all(count, checks) == 0) {
			int made = open(HELD_ONCE, O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);

			if (made >= 0)
				close(made);
			return 0;
		}
		usleep(BETWEEN_TRIES_MICROSECONDS);
	}
	return 1;
}

int main(int count, char **words)
{
	int failed;

	if (count < 2 || strcmp(words[1], "pause") != 0) {
		failed = all(count - 1, words + 1);
	} else if (access(HELD_ONCE, F_OK) != 0) {
		failed = until_all(count - 2, words + 2);
	} else {
		sleep(PAUSE_SECONDS);
		failed = all(count - 2, words + 2);
	}
	if (failed)
		puts(problem);
	return failed;
}
