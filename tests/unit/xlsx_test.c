#define _POSIX_C_SOURCE 200809L
#include "io_test.h"

#include <fcntl.h>

#include "io/xlsx.h"

static tc_status open_fixture(tc_xlsx **xlsx, const char *path, tc_error *error)
{
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    tc_status status = tc_xlsx_open_file(xlsx, error, fd);
    close(fd);
    return status;
}

/* All rows of all sheets as text: row number, cells. */
static tc_status dump(char *out, size_t size, tc_xlsx *xlsx, tc_error *error)
{
    size_t used = 0;
    for (size_t i = 0; i < tc_xlsx_sheet_count(xlsx); i++) {
        used += (size_t)snprintf(out + used, size - used, "%s:", tc_xlsx_sheet_name(xlsx, i));
        tc_status status = tc_xlsx_sheet(xlsx, i, error);
        if (status != TC_OK) return status;
        for (;;) {
            const tc_text *cells;
            size_t count;
            uint32_t number;
            bool end;
            status = tc_xlsx_next(xlsx, &cells, &count, &number, &end, error);
            if (status != TC_OK) return status;
            if (end) break;
            used += (size_t)snprintf(out + used, size - used, " %u", number);
            for (size_t j = 0; j < count; j++)
                used += (size_t)snprintf(out + used, size - used, "[%.*s]", (int)cells[j].size, cells[j].size ? cells[j].data : "");
        }
        used += (size_t)snprintf(out + used, size - used, "\n");
    }
    return TC_OK;
}

static void test_cells(void **state)
{
    (void)state;
    char out[1024];
    tc_xlsx *xlsx;
    assert_int_equal(open_fixture(&xlsx, FIXTURE("cells.xlsx"), NULL), TC_OK);
    assert_int_equal(dump(out, sizeof out, xlsx, NULL), TC_OK);
    assert_string_equal(out, "One: 1[66.1][][0.0015][2.2E+15][1300000021339012][true][#N/A][2026-04-01][rich][a&b]"
                             " 7[][below]\nTwo: 1[second sheet]\n");
    assert_int_equal(dump(out, sizeof out, xlsx, NULL), TC_OK); /* a sheet can be read again */
    tc_xlsx_close(xlsx);
}

static void test_hostile(void **state)
{
    (void)state;
    static const struct { const char *path; tc_status status; } cases[] = {
        {FIXTURE("truncated.xlsx"), TC_BAD_FORMAT},    {FIXTURE("damaged.xlsx"), TC_BAD_FORMAT},
        {FIXTURE("encrypted.xlsx"), TC_BAD_FORMAT},    {FIXTURE("bomb.xlsx"), TC_LIMIT},
        {FIXTURE("doctype.xlsx"), TC_BAD_FORMAT},      {FIXTURE("deep.xlsx"), TC_LIMIT},
        {FIXTURE("wide.xlsx"), TC_LIMIT},              {FIXTURE("dangling.xlsx"), TC_BAD_FORMAT},
        {FIXTURE("not-a-workbook.xlsx"), TC_BAD_FORMAT}, {FIXTURE("make_xlsx.py"), TC_BAD_FORMAT},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[4096];
        tc_error error = {0};
        tc_xlsx *xlsx = NULL;
        tc_status status = open_fixture(&xlsx, cases[i].path, &error);
        if (status == TC_OK) status = dump(out, sizeof out, xlsx, &error);
        if (status != cases[i].status) print_message("%s\n", cases[i].path);
        assert_int_equal(status, cases[i].status);
        assert_int_equal(error.status, cases[i].status);
        assert_true(*error.message != '\0');
        tc_xlsx_close(xlsx);
    }
}

/* A workbook cut or changed anywhere is refused or read, never more. */
static void test_mutations(void **state)
{
    (void)state;
    FILE *file = fopen(FIXTURE("angel.xlsx"), "rb");
    unsigned char bytes[8192], copy[8192];
    char out[65536];
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (size_t i = 0; i < size; i += 3) {
        memcpy(copy, bytes, size);
        copy[i] ^= (unsigned char)(1u << i % 8);
        tc_xlsx *xlsx;
        if (tc_xlsx_open_bytes(&xlsx, NULL, copy, size) == TC_OK) {
            (void)dump(out, sizeof out, xlsx, NULL);
            tc_xlsx_close(xlsx);
        }
        if (tc_xlsx_open_bytes(&xlsx, NULL, bytes, i) == TC_OK) tc_xlsx_close(xlsx);
    }
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct { const char *text, *plain; } cases[] = {
        {"5", "5"}, {"-5", "-5"}, {"0", "0"}, {"-0", "0"}, {"66.099999999999994", "66.1"}, {"0.1", "0.1"},
        {"573.75", "573.75"}, {"1.5E-3", "0.0015"}, {"1E+2", "100"}, {"9999999999999.99", "9999999999999.99"}, {"99999999999999.99", "100000000000000"},
        {"9999999999999.9999", "10000000000000"}, {"0.99999999999999999", "1"}, {"1300000021339012", "1300000021339012"},
        {"1.300000021339012E+15", "1300000021339012"}, {"2.2E+15", NULL}, {"46113.46837962963", "46113.4683796296"},
        {"1E+300", NULL}, {"1E-300", NULL}, {"x", NULL}, {"1.2.3", NULL}, {"1E", NULL}, {"", NULL}, {"-", NULL},
        {"000123.4500", "123.45"}, {"1.0000000000000002", "1"}, {"12345678901234567890123456", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char plain[TC_XLSX_NUMBER_SIZE + 1] = "";
        size_t size = tc_xlsx_number(plain, cases[i].text, strlen(cases[i].text));
        plain[size] = '\0';
        if (strcmp(plain, cases[i].plain ? cases[i].plain : "") != 0) print_message("%s\n", cases[i].text);
        assert_string_equal(plain, cases[i].plain ? cases[i].plain : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cells), cmocka_unit_test(test_hostile),
                                       cmocka_unit_test(test_mutations), cmocka_unit_test(test_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
