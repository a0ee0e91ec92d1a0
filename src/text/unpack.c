#include "unpack.h"

#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

enum { PACKED_SIZE = 1 << 16, RATIO_MAX = 200, ALWAYS_ALLOWED = 1 << 20, ZIP_HEADER_SIZE = 30, ZIP_DEFLATED = 8 };

struct tc_unpack {
    z_stream stream;
    tc_packing packing;
    bool started; /* behind the header of a ZIP entry */
    bool ended;   /* the archive is read to its end */
    int failure;  /* an errno: what every further call answers; what came before it was given first */
    uint64_t taken, given;
    unsigned char packed[PACKED_SIZE];
};

tc_packing tc_packing_of(const unsigned char *head, size_t size)
{
    if (size >= 2 && memcmp(head, "\x1F\x8B", 2) == 0) return TC_PACKED_GZIP;
    return size >= 4 && memcmp(head, "PK\3\4", 4) == 0 ? TC_PACKED_ZIP : TC_PACKED_NOT;
}

tc_status tc_unpack_new(tc_unpack **unpack, tc_packing packing, const void *head, size_t head_size)
{
    enum { GZIP_WINDOW = 15 + 16, RAW_WINDOW = -15 };
    tc_unpack *made = calloc(1, sizeof *made);
    if (!made) return TC_NO_MEMORY;
    made->packing = packing;
    if (inflateInit2(&made->stream, packing == TC_PACKED_GZIP ? GZIP_WINDOW : RAW_WINDOW) != Z_OK) {
        free(made);
        return TC_NO_MEMORY;
    }
    memcpy(made->packed, head, head_size);
    made->stream.next_in = made->packed;
    made->stream.avail_in = (unsigned)head_size;
    made->taken = head_size;
    *unpack = made;
    return TC_OK;
}

void tc_unpack_free(tc_unpack *unpack)
{
    if (!unpack) return;
    inflateEnd(&unpack->stream);
    free(unpack);
}

static ptrdiff_t damaged(int number)
{
    errno = number;
    return -1;
}

/* Brings at least `size` packed bytes together, if there are so many: how many there are, or -1. */
static ptrdiff_t look_ahead(tc_unpack *unpack, size_t size, tc_read_fn *read, void *context)
{
    z_stream *stream = &unpack->stream;
    if (stream->avail_in >= size) return (ptrdiff_t)stream->avail_in;
    if (stream->avail_in) memmove(unpack->packed, stream->next_in, stream->avail_in);
    stream->next_in = unpack->packed;
    while (stream->avail_in < size) {
        ptrdiff_t got = read(context, unpack->packed + stream->avail_in, PACKED_SIZE - stream->avail_in);
        if (got < 0) return got;
        if (got == 0) break;
        unpack->taken += (uint64_t)got;
        stream->avail_in += (unsigned)got;
    }
    return (ptrdiff_t)stream->avail_in;
}

static void skip(tc_unpack *unpack, unsigned size)
{
    unpack->stream.next_in += size;
    unpack->stream.avail_in -= size;
}

/* The local header of the first entry (APPNOTE 4.3.7); sizes may follow the data, so they are not used. */
static ptrdiff_t begin_entry(tc_unpack *unpack, tc_read_fn *read, void *context)
{
    ptrdiff_t there = look_ahead(unpack, ZIP_HEADER_SIZE, read, context);
    if (there < 0) return there;
    const unsigned char *header = unpack->stream.next_in;
    if (there < ZIP_HEADER_SIZE || (header[6] & 1) || header[8] + 256 * header[9] != ZIP_DEFLATED) return damaged(EBADMSG);
    size_t extent = ZIP_HEADER_SIZE + (size_t)header[26] + 256 * (size_t)header[27] + header[28] + 256 * (size_t)header[29];
    if (extent > PACKED_SIZE) return damaged(EBADMSG);
    there = look_ahead(unpack, extent, read, context);
    if (there < 0) return there;
    if ((size_t)there < extent) return damaged(EBADMSG);
    skip(unpack, (unsigned)extent);
    unpack->started = true;
    return 0;
}

/* Behind the data of the only entry stand its sizes, perhaps, and the directory. A second entry would be lost unseen. */
static ptrdiff_t end_archive(tc_unpack *unpack, tc_read_fn *read, void *context)
{
    enum { DESCRIPTOR_MAX = 24, SIGNATURE = 4 };
    ptrdiff_t there = look_ahead(unpack, DESCRIPTOR_MAX + SIGNATURE, read, context);
    if (there < 0) return there;
    unpack->ended = true;
    for (ptrdiff_t at = 0; at + SIGNATURE <= there && at <= DESCRIPTOR_MAX; at++) {
        if (!memcmp(unpack->stream.next_in + at, "PK\1\2", SIGNATURE)) return 0;
        if (!memcmp(unpack->stream.next_in + at, "PK\3\4", SIGNATURE)) break;
    }
    return damaged(EBADMSG);
}

/* gzip files may be put one behind the other; zeros may pad the last one. */
static ptrdiff_t end_member(tc_unpack *unpack, tc_read_fn *read, void *context)
{
    ptrdiff_t there = look_ahead(unpack, 2, read, context);
    if (there < 0) return there;
    if (tc_packing_of(unpack->stream.next_in, (size_t)there) == TC_PACKED_GZIP) {
        inflateReset(&unpack->stream);
        return 0;
    }
    unpack->ended = true;
    return there && unpack->stream.next_in[0] ? damaged(EBADMSG) : 0;
}

static ptrdiff_t inflate_some(tc_unpack *unpack, tc_read_fn *read, void *context, void *bytes, size_t size)
{
    z_stream *stream = &unpack->stream;
    unsigned room = size < PACKED_SIZE ? (unsigned)size : PACKED_SIZE;
    ptrdiff_t done = 0;
    stream->next_out = bytes;
    stream->avail_out = room;
    while (stream->avail_out == room && !unpack->ended && done >= 0) {
        done = look_ahead(unpack, 1, read, context);
        if (done < 0) break;
        int result = inflate(stream, Z_NO_FLUSH);
        if (result == Z_STREAM_END) done = (unpack->packing == TC_PACKED_ZIP ? end_archive : end_member)(unpack, read, context);
        else if (result != Z_OK) done = damaged(result == Z_MEM_ERROR ? ENOMEM : EBADMSG); /* Z_BUF_ERROR: it ends too early */
    }
    if (done < 0) unpack->failure = errno;
    return done < 0 && stream->avail_out == room ? done : (ptrdiff_t)(room - stream->avail_out);
}

ptrdiff_t tc_unpack_read(tc_unpack *unpack, tc_read_fn *read, void *context, void *bytes, size_t size)
{
    if (unpack->failure) return damaged(unpack->failure);
    if (unpack->packing == TC_PACKED_ZIP && !unpack->started) {
        ptrdiff_t begun = begin_entry(unpack, read, context);
        if (begun < 0) return begun;
    }
    ptrdiff_t got = inflate_some(unpack, read, context, bytes, size);
    if (got <= 0) return got;
    unpack->given += (uint64_t)got;
    uint64_t used = unpack->taken - unpack->stream.avail_in;
    return unpack->given > ALWAYS_ALLOWED && unpack->given > RATIO_MAX * used ? damaged(EFBIG) : got;
}
