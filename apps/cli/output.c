#define _POSIX_C_SOURCE 200809L
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

/* The name under which --output grows until it is whole; the signal handler
 * removes it, hence static. */
static char unfinished[4096];

void output_abandon(void)
{
    if (unfinished[0]) unlink(unfinished);
}

/* A device, a pipe or a link is written in place; a plain file is replaced when
 * its successor is whole, so that a failed run leaves it as it was. */
static bool replaceable(const char *path, mode_t *mode)
{
    struct stat facts;
    if (lstat(path, &facts) == 0) {
        *mode = facts.st_mode & 07777;
        return S_ISREG(facts.st_mode);
    }
    mode_t mask = umask(0);
    umask(mask);
    *mode = 0666 & ~mask;
    return errno == ENOENT;
}

static int open_beside(const char *path, mode_t mode)
{
    int size = snprintf(unfinished, sizeof unfinished, "%s.XXXXXX", path);
    if (size < 0 || (size_t)size >= sizeof unfinished) {
        errno = ENAMETOOLONG;
        unfinished[0] = '\0';
        return -1;
    }
    int fd = mkstemp(unfinished);
    if (fd < 0) unfinished[0] = '\0';
    else fchmod(fd, mode);
    return fd;
}

void output_open(output *out, const char *path)
{
    *out = (output){.fd = STDOUT_FILENO, .path = path};
    mode_t mode;
    if (path) out->fd = replaceable(path, &mode) ? open_beside(path, mode) : open(path, O_WRONLY | O_TRUNC);
    if (out->fd < 0) die(EXIT_FAILED, "%s: %s", path, strerror(errno));
    const char *terminal = getenv("TERM"), *no_color = getenv("NO_COLOR");
    out->color = output_is_terminal(out) && (!no_color || !*no_color) && terminal && strcmp(terminal, "dumb");
}

bool output_is_terminal(const output *out)
{
    return isatty(out->fd);
}

static void write_failed(const output *out)
{
    if (!out->path && errno == EPIPE) quit(EXIT_DONE);
    die(EXIT_FAILED, "%s: %s", out->path ? out->path : "standard output", strerror(errno));
}

void output_flush(output *out)
{
    for (size_t done = 0; done < out->text.size;) {
        ssize_t count = write(out->fd, out->text.data + done, out->text.size - done);
        if (count >= 0) done += (size_t)count;
        else if (errno != EINTR) write_failed(out);
    }
    out->text.size = 0;
}

void output_close(output *out)
{
    output_flush(out);
    tc_buffer_free(&out->text);
    if (!out->path) return;
    if (close(out->fd)) write_failed(out);
    if (unfinished[0] && rename(unfinished, out->path)) die(EXIT_FAILED, "%s: %s", out->path, strerror(errno));
    unfinished[0] = '\0';
}
