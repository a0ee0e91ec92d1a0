/* io_test.h - what the readers' tests share. */
#ifndef TC_IO_TEST_H
#define TC_IO_TEST_H

/* clang-format off: cmocka wants these first */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef TC_FIXTURES
#define TC_FIXTURES "tests/fixtures"
#endif

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define FIXTURE(name) TC_FIXTURES "/" name

/* A file with the given bytes; its path, for unlink(). */
static inline const char *write_file(const char *bytes, size_t size)
{
    static char path[64];
    snprintf(path, sizeof path, "/tmp/tc-io-test-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), (ssize_t)size);
    close(fd);
    return path;
}

#endif
