#define _POSIX_C_SOURCE 200809L
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static ptrdiff_t read_again(int fd, void *bytes, size_t size)
{
    ptrdiff_t got;
    do got = read(fd, bytes, size);
    while (got < 0 && errno == EINTR);
    return got;
}

static tc_status io_failed(tc_input *input, tc_error *error, const char *path)
{
    tc_status status = tc_fail(error, TC_IO, "", "%s: %s", path, strerror(errno));
    tc_input_close(input);
    return status;
}

tc_status tc_input_open(tc_input *input, tc_error *error, const char *path)
{
    memset(input, 0, sizeof *input);
    input->owned = strcmp(path, "-") != 0;
    input->fd = input->owned ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    struct stat info;
    if (input->fd < 0 || fstat(input->fd, &info) != 0) return io_failed(input, error, path);
    /* Only a whole regular file can be handed to the ZIP library as it is. */
    input->seekable = S_ISREG(info.st_mode) && lseek(input->fd, 0, SEEK_CUR) == 0;
    if (input->seekable) input->bytes_total = (uint64_t)info.st_size;
    while (input->head_size < sizeof input->head) {
        ptrdiff_t got = read_again(input->fd, input->head + input->head_size, sizeof input->head - input->head_size);
        if (got < 0) return io_failed(input, error, path);
        if (got == 0) break;
        input->head_size += (size_t)got;
    }
    return TC_OK;
}

void tc_input_close(tc_input *input)
{
    if (input->owned && input->fd >= 0) close(input->fd);
    input->owned = false;
}

ptrdiff_t tc_input_read(void *context, void *bytes, size_t size)
{
    tc_input *input = context;
    ptrdiff_t got;
    size_t seen = input->head_size - input->head_used;
    if (seen) {
        size_t part = seen < size ? seen : size;
        memcpy(bytes, input->head + input->head_used, part);
        input->head_used += part;
        got = (ptrdiff_t)part;
    } else {
        got = read_again(input->fd, bytes, size);
    }
    if (got > 0) input->bytes += (uint64_t)got;
    return got;
}

tc_status tc_input_all(tc_input *input, char **bytes, size_t *size, size_t limit, tc_error *error)
{
    size_t used = 0, room = 1 << 16;
    char *all = malloc(room);
    while (all) {
        ptrdiff_t got = tc_input_read(input, all + used, room - used);
        if (got < 0) {
            tc_status status = tc_fail(error, TC_IO, "", "%s", strerror(errno));
            free(all);
            return status;
        }
        used += (size_t)got;
        if (used > limit) {
            free(all);
            return tc_fail(error, TC_LIMIT, "", "the file is larger than %zu MiB", limit >> 20);
        }
        if (got == 0) {
            *bytes = all;
            *size = used;
            return TC_OK;
        }
        if (used < room) continue;
        char *grown = realloc(all, room *= 2);
        if (!grown) free(all);
        all = grown;
    }
    return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
}
