/* input.h - a file, a pipe or standard input whose first bytes can be looked at.
 * What is gzipped is unpacked as it is read: nobody else sees a difference. */
#ifndef TC_TEXT_INPUT_H
#define TC_TEXT_INPUT_H

#include <stdbool.h>

#include "tradecost/status.h"

struct tc_unpack;

typedef struct tc_input {
    int fd;
    struct tc_unpack *unpack; /* NULL: the bytes are what they are */
    bool owned, seekable;
    unsigned char head[512];
    size_t head_size, head_used;
    uint64_t bytes, bytes_total; /* read so far (as packed); of a regular file, else 0 */
} tc_input;

/* Opens `path` ("-": standard input) and reads its first bytes. TC_IO, TC_BAD_FORMAT (damaged gzip), TC_NO_MEMORY. */
tc_status tc_input_open(tc_input *input, tc_error *error, const char *path);
void tc_input_close(tc_input *input);

/* Where it is a ZIP archive of one file, goes on with that file; else nothing. After tc_input_open(), before reading.
 * TC_BAD_FORMAT (several files, encrypted, damaged), TC_NO_MEMORY. */
tc_status tc_input_unzip(tc_input *input, tc_error *error, const char *path);

/* What a failed read means, from errno: TC_IO; TC_BAD_FORMAT and TC_LIMIT where it could not be unpacked. */
tc_status tc_read_failed(tc_error *error);

/* A tc_read_fn; the first bytes come again. */
ptrdiff_t tc_input_read(void *input, void *bytes, size_t size);

/* Everything, in one allocation that the caller frees. TC_IO, TC_LIMIT (above
 * `limit`), TC_NO_MEMORY. */
tc_status tc_input_all(tc_input *input, char **bytes, size_t *size, size_t limit, tc_error *error);

#endif
