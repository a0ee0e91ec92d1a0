#define _POSIX_C_SOURCE 200809L
#include "io_test.h"

#include "bytes.h"
#include "text/csv.h"

/* The rows as text: cells in [], rows with their line, refused rows as !. */
static void read_all(tc_buffer *out, const char *bytes, size_t size, size_t step)
{
    byte_source from = {bytes, size, step};
    tc_csv *csv;
    assert_int_equal(tc_csv_new(&csv, source_read, &from), TC_OK);
    for (;;) {
        tc_csv_row row;
        bool end;
        char line[16];
        tc_status status = tc_csv_next(csv, &row, &end, NULL);
        if (status == TC_OK && end) break;
        if (status != TC_OK && status != TC_BAD_ROW) {
            tc_buffer_put(out, tc_status_code(status), strlen(tc_status_code(status)));
            assert_int_equal(tc_csv_next(csv, &row, &end, NULL), status); /* for ever */
            break;
        }
        int wrote = snprintf(line, sizeof line, "%u:%s", row.line, status == TC_OK ? "" : "!");
        tc_buffer_put(out, line, (size_t)wrote);
        for (size_t i = 0; status == TC_OK && i < row.count; i++) {
            tc_buffer_put_byte(out, '[');
            tc_buffer_put(out, row.cells[i].data, row.cells[i].size);
            tc_buffer_put_byte(out, ']');
        }
        tc_buffer_put_byte(out, ' ');
    }
    tc_buffer_put_byte(out, '\0');
    tc_csv_free(csv);
}

#define T(text) text, sizeof(text) - 1
static const struct {
    const char *name, *text;
    size_t size;
    const char *rows;
} cases[] = {
    {"nothing", T(""), ""},
    {"one cell", T("a"), "1:[a] "},
    {"plain", T("a,b\nc,d\n"), "1:[a][b] 2:[c][d] "},
    {"no last line end", T("a,b\nc,d"), "1:[a][b] 2:[c][d] "},
    {"CR LF", T("a,b\r\nc,d\r\n"), "1:[a][b] 2:[c][d] "},
    {"CR inside stays", T("a\rb,c\n"), "1:[a\rb][c] "},
    {"empty cells", T(",\n,,\n"), "1:[][] 2:[][][] "},
    {"empty lines", T("a\n\nb\n"), "1:[a] 2:[] 3:[b] "},
    {"byte-order mark", T("\xEF\xBB\xBF" "a,b\n"), "1:[a][b] "},
    {"mark and quote", T("\xEF\xBB\xBF\"a\",b\n"), "1:[a][b] "},
    {"only a mark", T("\xEF\xBB\xBF"), ""},
    {"UTF-16", T("\xFF\xFE" "a\0"), "bad format"},
    {"quoted", T("\"a\",\"b,c\"\n"), "1:[a][b,c] "},
    {"escaped", T("\"a\"\"b\",\"\"\"\"\n"), "1:[a\"b][\"] "},
    {"empty quoted", T("\"\",\"\"\n"), "1:[][] "},
    {"line end in quotes", T("\"a\nb\",c\nd,e\n"), "1:[a\nb][c] 3:[d][e] "},
    {"CR LF in quotes", T("\"a\r\nb\"\r\nd\r\n"), "1:[a\r\nb] 3:[d] "},
    {"bare quote", T("5\" pipe,x\ny,z\n"), "1:[5\" pipe][x] 2:[y][z] "},
    {"text behind quote", T("\"a\"b,c\nd,e\n"), "1:! 2:[d][e] "},
    {"space behind quote", T("\"a\" ,c\nd\n"), "1:! 2:[d] "},
    {"open quote", T("a,b\n\"c,d\n"), "1:[a][b] 2:! "},
    {"open quote at the end", T("a\n\""), "1:[a] 2:! "},
    {"quoted, no line end", T("a,\"b\""), "1:[a][b] "},
    {"quoted, CR at the end", T("a,\"b\"\r"), "1:! "},
    {"NUL", T("a,b\nc\0,d\ne,f\n"), "1:[a][b] 2:! 3:[e][f] "},
    {"NUL in quotes", T("\"a\0\",b\nc\n"), "1:! 2:[c] "},
    {"NUL in a row refused for its quotes", T("\"\0\"x\n\"a\",b\n"), "1:! 2:[a][b] "},
    {"comma next to ,-like bytes", T("\xAC,\xAC\x2D,\x2B,\x00\x2C"), "1:! "},
    {"high bytes", T("\xAC,\xAC\x2D,\x2B\x80,\xFF\n"), "1:[\xAC][\xAC\x2D][\x2B\x80][\xFF] "},
    {"borrow behind a comma", T(",\x2D,\x2D,-,-,.,/,-\n"), "1:[][-][-][-][-][.][/][-] "},
};

static void test_rows(void **state)
{
    (void)state;
    static const size_t steps[] = {1, 2, 3, 5, 7, 64, 1 << 20};
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (size_t j = 0; j < COUNT(steps); j++) {
            tc_buffer out = {0};
            read_all(&out, cases[i].text, cases[i].size, steps[j]);
            if (strcmp(out.data, cases[i].rows) != 0) print_message("%s, %zu at a time\n", cases[i].name, steps[j]);
            assert_string_equal(out.data, cases[i].rows);
            tc_buffer_free(&out);
        }
    }
}

static tc_status first_status(const char *bytes, size_t size, size_t *count)
{
    byte_source from = {bytes, size, 1 << 16};
    tc_csv *csv;
    tc_csv_row row = {0};
    bool end;
    tc_error error;
    assert_int_equal(tc_csv_new(&csv, source_read, &from), TC_OK);
    tc_status status = tc_csv_next(csv, &row, &end, &error);
    if (status != TC_OK) assert_int_equal(error.status, status);
    *count = row.count;
    tc_csv_free(csv);
    return status;
}

static void test_limits(void **state)
{
    (void)state;
    const size_t size = TC_CSV_ROW_MAX + 4096;
    char *bytes = malloc(size);
    size_t count;
    memset(bytes, 'a', size);
    assert_int_equal(first_status(bytes, size, &count), TC_LIMIT);
    bytes[TC_CSV_ROW_MAX - 1] = '\n';
    assert_int_equal(first_status(bytes, size, &count), TC_OK);
    bytes[0] = '"';
    assert_int_equal(first_status(bytes, size, &count), TC_LIMIT); /* never closed */
    bytes[TC_CSV_ROW_MAX - 2] = '"';
    assert_int_equal(first_status(bytes, size, &count), TC_OK);
    memset(bytes, ',', size);
    bytes[TC_CSV_CELLS_MAX - 1] = '\n';
    assert_int_equal(first_status(bytes, size, &count), TC_OK);
    assert_int_equal(count, TC_CSV_CELLS_MAX);
    bytes[TC_CSV_CELLS_MAX - 1] = ',';
    bytes[TC_CSV_CELLS_MAX] = '\n';
    assert_int_equal(first_status(bytes, size, &count), TC_LIMIT);
    bytes[0] = '"', bytes[1] = '"';
    bytes[TC_CSV_CELLS_MAX] = ',', bytes[TC_CSV_CELLS_MAX + 3] = '\n';
    assert_int_equal(first_status(bytes, size, &count), TC_LIMIT);
    free(bytes);
}

/* Rows of many lengths, written and read again, cross the buffer's end anywhere. */
static void test_round_trip(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "a", "1,2", "say \"x\"", "two\nlines", "plain text of some length", "\r"};
    tc_buffer out = {0};
    unsigned seed = 1;
    for (int row = 0; row < 40000; row++) {
        for (int cell = 0; cell < 3; cell++) {
            const char *text = texts[(seed = seed * 1103515245 + 12345) / 65536 % 7];
            tc_csv_put(&out, (tc_text){text, strlen(text)});
        }
        tc_csv_end_row(&out);
    }
    assert_false(out.failed);
    byte_source from = {out.data, out.size, 65536};
    tc_csv *csv;
    assert_int_equal(tc_csv_new(&csv, source_read, &from), TC_OK);
    seed = 1;
    for (int row = 0; row < 40000; row++) {
        tc_csv_row read;
        bool end;
        assert_int_equal(tc_csv_next(csv, &read, &end, NULL), TC_OK);
        assert_false(end);
        assert_int_equal(read.count, 3);
        for (int cell = 0; cell < 3; cell++) {
            const char *text = texts[(seed = seed * 1103515245 + 12345) / 65536 % 7];
            assert_int_equal(read.cells[cell].size, strlen(text));
            if (*text) assert_memory_equal(read.cells[cell].data, text, strlen(text));
        }
    }
    tc_csv_free(csv);
    tc_buffer_free(&out);
}

static void test_writer(void **state)
{
    (void)state;
    tc_buffer out = {0};
    tc_csv_put(&out, (tc_text){"a b", 3});
    tc_csv_put(&out, (tc_text){"c,d", 3});
    tc_csv_put(&out, (tc_text){NULL, 0});
    tc_csv_put(&out, (tc_text){"\"", 1});
    tc_csv_end_row(&out);
    tc_csv_end_row(&out);
    tc_buffer_put_byte(&out, '\0');
    assert_string_equal(out.data, "a b,\"c,d\",,\"\"\"\"\n\n");
    tc_buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_limits),
                                       cmocka_unit_test(test_round_trip), cmocka_unit_test(test_writer)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
