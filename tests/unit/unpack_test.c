/* Packed files: read as if they were not, and refused where they are cut, damaged or made to burst. */
#include "io_test.h"

#include <zlib.h>

#include "text/input.h"
#include "text/unpack.h"

enum { GZIP_WINDOW = 15 + 16, RAW_WINDOW = -15 };

static size_t pack(char *packed, size_t room, const char *bytes, size_t size, int window)
{
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (unsigned char *)(uintptr_t)bytes;
    stream.avail_in = (unsigned)size;
    stream.next_out = (unsigned char *)packed;
    stream.avail_out = (unsigned)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return room - stream.avail_out;
}

/* A ZIP archive as far as its reader looks: the entry, and where the next thing begins. */
static size_t zip(char *packed, size_t room, const char *bytes, size_t size, const char *behind)
{
    static const char header[30] = "PK\3\4\24\0\0\0\10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\5\0\3\0";
    memcpy(packed, header, sizeof header);
    memcpy(packed + 30, "a.csvXYZ", 8);
    size_t used = 38 + pack(packed + 38, room - 60, bytes, size, RAW_WINDOW);
    memcpy(packed + used, behind, 4);
    memset(packed + used + 4, 0, 8);
    return used + 12;
}

static tc_status read_packed(const char *packed, size_t size, bool unzip, char **all, size_t *got, tc_error *error)
{
    const char *path = write_file(packed, size);
    tc_input input;
    *all = NULL;
    tc_status status = tc_input_open(&input, error, path);
    if (!status && unzip) status = tc_input_unzip(&input, error, path);
    if (!status) status = tc_input_all(&input, all, got, (size_t)1 << 30, error);
    tc_input_close(&input);
    unlink(path);
    return status;
}

enum { PLAIN_SIZE = 300000 };
static char plain[PLAIN_SIZE], packed[2 * PLAIN_SIZE];

static void make_plain(void)
{
    for (size_t i = 0; i < PLAIN_SIZE; i++) plain[i] = (char)('a' + (i * i / 7 + i / 1000) % 26);
}

static void check_same(size_t packed_size, bool unzip, size_t times)
{
    char *all;
    size_t got;
    tc_error error;
    assert_int_equal(read_packed(packed, packed_size, unzip, &all, &got, &error), TC_OK);
    assert_int_equal(got, times * PLAIN_SIZE);
    for (size_t i = 0; i < times; i++) assert_memory_equal(all + i * PLAIN_SIZE, plain, PLAIN_SIZE);
    free(all);
}

static void test_whole(void **state)
{
    (void)state;
    make_plain();
    size_t size = pack(packed, sizeof packed, plain, PLAIN_SIZE, GZIP_WINDOW);
    check_same(size, false, 1);
    memcpy(packed + size, packed, size); /* two members are one file */
    check_same(2 * size, false, 2);
    memset(packed + 2 * size, 0, 500); /* and may be padded */
    check_same(2 * size + 500, false, 2);
    size = zip(packed, sizeof packed, plain, PLAIN_SIZE, "PK\1\2");
    check_same(size, true, 1);
    memcpy(packed, plain, PLAIN_SIZE);
    check_same(PLAIN_SIZE, true, 1); /* what is not packed is left alone */
}

static void test_cut_anywhere(void **state)
{
    (void)state;
    make_plain();
    size_t sizes[] = {pack(packed, sizeof packed, plain, 2000, GZIP_WINDOW), 0};
    for (int kind = 0; kind < 2; kind++) {
        if (kind) sizes[1] = zip(packed, sizeof packed, plain, 2000, "PK\1\2") - 12;
        for (size_t cut = 4; cut < sizes[kind]; cut += 13) {
            char *all;
            size_t got;
            tc_error error;
            assert_int_equal(read_packed(packed, cut, kind, &all, &got, &error), TC_BAD_FORMAT);
            assert_null(all);
            assert_string_equal(error.message, "the packed file is damaged, cut short, or holds several files");
        }
    }
}

static void test_damaged(void **state)
{
    (void)state;
    char *all;
    size_t got;
    tc_error error;
    make_plain();
    size_t size = pack(packed, sizeof packed, plain, 2000, GZIP_WINDOW);
    packed[size - 6] ^= 1; /* the check sum */
    assert_int_equal(read_packed(packed, size, false, &all, &got, &error), TC_BAD_FORMAT);
    packed[size - 6] ^= 1;
    memcpy(packed + size, "rubbish", 7);
    assert_int_equal(read_packed(packed, size + 7, false, &all, &got, &error), TC_BAD_FORMAT);
    size = zip(packed, sizeof packed, plain, 2000, "PK\3\4"); /* a second file */
    assert_int_equal(read_packed(packed, size, true, &all, &got, &error), TC_BAD_FORMAT);
    size = zip(packed, sizeof packed, plain, 2000, "PK\1\2");
    packed[6] = 1; /* encrypted */
    assert_int_equal(read_packed(packed, size, true, &all, &got, &error), TC_BAD_FORMAT);
}

static void test_bomb(void **state)
{
    (void)state;
    enum { BOMB = 64 << 20 };
    char *zeros = calloc(1, BOMB), *all;
    size_t got;
    tc_error error;
    assert_non_null(zeros);
    size_t size = pack(packed, sizeof packed, zeros, BOMB, GZIP_WINDOW);
    assert_int_equal(read_packed(packed, size, false, &all, &got, &error), TC_LIMIT);
    assert_null(all);
    size = pack(packed, sizeof packed, zeros, 1 << 20, GZIP_WINDOW); /* 1 MiB is nothing to fear */
    assert_int_equal(read_packed(packed, size, false, &all, &got, &error), TC_OK);
    assert_int_equal(got, 1 << 20);
    free(all);
    free(zeros);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole), cmocka_unit_test(test_cut_anywhere), cmocka_unit_test(test_damaged), cmocka_unit_test(test_bomb),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
