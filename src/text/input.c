#define _POSIX_C_SOURCE 200809L
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unpack.h"

static ptrdiff_t read_again(int fd, void *bytes, size_t size)
{
    ptrdiff_t got;
    do got = read(fd, bytes, size);
    while (got < 0 && errno == EINTR);
    return got;
}

tc_status tc_read_failed(tc_error *error)
{
    if (errno == EBADMSG) return tc_fail(error, TC_BAD_FORMAT, "", "the packed file is damaged, cut short, or holds several files");
    if (errno == EFBIG) return tc_fail(error, TC_LIMIT, "", "the file unpacks to more than 200 times its size");
    return tc_fail(error, TC_IO, "", "%s", strerror(errno));
}

static tc_status open_failed(tc_input *input, tc_error *error, const char *path)
{
    tc_error why = {0};
    tc_status status = tc_read_failed(&why);
    if (status == TC_IO) tc_fail(error, status, "", "%s: %s", path, why.message);
    else tc_fail(error, status, "", "%s", why.message);
    tc_input_close(input);
    return status;
}

static ptrdiff_t read_file(void *context, void *bytes, size_t size)
{
    tc_input *input = context;
    ptrdiff_t got = read_again(input->fd, bytes, size);
    if (got > 0) input->bytes += (uint64_t)got;
    return got;
}

static ptrdiff_t read_on(tc_input *input, void *bytes, size_t size)
{
    return input->unpack ? tc_unpack_read(input->unpack, read_file, input, bytes, size) : read_file(input, bytes, size);
}

static tc_status read_head(tc_input *input, tc_error *error, const char *path)
{
    input->head_size = 0;
    while (input->head_size < sizeof input->head) {
        ptrdiff_t got = read_on(input, input->head + input->head_size, sizeof input->head - input->head_size);
        if (got < 0) return open_failed(input, error, path);
        if (got == 0) break;
        input->head_size += (size_t)got;
    }
    return TC_OK;
}

/* From here on the first bytes are the unpacked ones. */
static tc_status begin_unpacking(tc_input *input, tc_error *error, const char *path, tc_packing packing)
{
    tc_status status = tc_unpack_new(&input->unpack, packing, input->head, input->head_size);
    if (!status) {
        input->seekable = false;
        return read_head(input, error, path);
    }
    tc_input_close(input);
    return tc_fail(error, status, "", "%s", path);
}

tc_status tc_input_open(tc_input *input, tc_error *error, const char *path)
{
    memset(input, 0, sizeof *input);
    input->owned = strcmp(path, "-") != 0;
    input->fd = input->owned ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    struct stat info;
    if (input->fd < 0 || fstat(input->fd, &info) != 0) return open_failed(input, error, path);
    /* Only a whole regular file can be handed to the ZIP library as it is. */
    input->seekable = S_ISREG(info.st_mode) && lseek(input->fd, 0, SEEK_CUR) == 0;
    if (input->seekable) input->bytes_total = (uint64_t)info.st_size;
    tc_status status = read_head(input, error, path);
    bool gzip = !status && tc_packing_of(input->head, input->head_size) == TC_PACKED_GZIP;
    return gzip ? begin_unpacking(input, error, path, TC_PACKED_GZIP) : status;
}

tc_status tc_input_unzip(tc_input *input, tc_error *error, const char *path)
{
    bool zip = !input->unpack && tc_packing_of(input->head, input->head_size) == TC_PACKED_ZIP;
    return zip ? begin_unpacking(input, error, path, TC_PACKED_ZIP) : TC_OK;
}

void tc_input_close(tc_input *input)
{
    tc_unpack_free(input->unpack);
    input->unpack = NULL;
    if (input->owned && input->fd >= 0) close(input->fd);
    input->owned = false;
}

ptrdiff_t tc_input_read(void *context, void *bytes, size_t size)
{
    tc_input *input = context;
    size_t seen = input->head_size - input->head_used, part = seen < size ? seen : size;
    if (!part) return read_on(input, bytes, size);
    memcpy(bytes, input->head + input->head_used, part);
    input->head_used += part;
    return (ptrdiff_t)part;
}

tc_status tc_input_all(tc_input *input, char **bytes, size_t *size, size_t limit, tc_error *error)
{
    size_t used = 0, room = 1 << 16;
    char *all = malloc(room);
    while (all) {
        ptrdiff_t got = tc_input_read(input, all + used, room - used);
        if (got < 0) {
            tc_status status = tc_read_failed(error);
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
