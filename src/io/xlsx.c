#define _POSIX_C_SOURCE 200809L
#include "xlsx.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zip.h>

#include "text/buffer.h"

enum {
    MIB = 1 << 20,
    ENTRY_MAX = 256 * MIB,
    RATIO_MAX = 200,
    ENTRY_ALWAYS = MIB,
    ENTRIES_MAX = 10000,
    STRINGS_MAX = 64 * MIB,
    ROW_TEXT_MAX = MIB,
    ROWS_MAX = 1048576,
    COLUMNS_MAX = 512,
    SHEETS_MAX = 256,
    DEPTH_MAX = 64,
    CHUNK = 1 << 16
};

typedef struct { char *name, *relation, *path; } sheet;

/* One entry of the archive while it is read. */
typedef struct {
    zip_file_t *file;
    const char *name;
    uint64_t read, allowed, size;
} part;

struct tc_xlsx {
    zip_t *zip;
    sheet *sheets;
    size_t sheet_count, sheet_room;
    bool date1904;
    tc_buffer strings;      /* the shared strings, end to end */
    tc_buffer string_ends;  /* uint32_t each */
    size_t string_count;

    part part;
    XML_Parser parser;
    bool suspended, last_chunk;
    tc_status status; /* set by a handler before it stops the parser */
    const char *message;
    int depth;

    /* of the sheet being read */
    uint32_t row, rows;
    uint32_t column;
    size_t cell_count;
    char type; /* of the cell: n s b e d, t: text in the cell */
    bool in_cell, in_inline, in_phonetic, capturing;
    tc_buffer text;
    size_t cell_from;
    bool shared[COLUMNS_MAX];
    size_t offset[COLUMNS_MAX];
    tc_text cells[COLUMNS_MAX];
};

/* --- entries --- */

static tc_status zip_failed(tc_error *error, int code)
{
    zip_error_t why;
    zip_error_init_with_code(&why, code);
    bool read = code == ZIP_ER_READ || code == ZIP_ER_OPEN || code == ZIP_ER_SEEK;
    tc_status status = code == ZIP_ER_MEMORY ? TC_NO_MEMORY : read ? TC_IO : TC_BAD_FORMAT;
    tc_fail(error, status, "", "not a readable workbook: %s", zip_error_strerror(&why));
    zip_error_fini(&why);
    return status;
}

static tc_status part_checked(part *opened, const zip_stat_t *stat, tc_error *error)
{
    zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if ((stat->valid & needed) != needed) return tc_fail(error, TC_BAD_FORMAT, "", "%s: no sizes", opened->name);
    if (stat->encryption_method != ZIP_EM_NONE)
        return tc_fail(error, TC_BAD_FORMAT, "", "the workbook is encrypted: save it without a password");
    if (stat->comp_method != ZIP_CM_STORE && stat->comp_method != ZIP_CM_DEFLATE)
        return tc_fail(error, TC_BAD_FORMAT, "", "%s: packed by a method that workbooks do not use", opened->name);
    /* What the directory says may be a lie: what is read is counted too. */
    opened->allowed = stat->comp_size > ENTRY_MAX / RATIO_MAX ? ENTRY_MAX : stat->comp_size * RATIO_MAX;
    if (opened->allowed < ENTRY_ALWAYS) opened->allowed = ENTRY_ALWAYS;
    opened->size = stat->size;
    if (stat->size > ENTRY_MAX) return tc_fail(error, TC_LIMIT, "", "%s is larger than 256 MiB", opened->name);
    if (stat->size > opened->allowed) return tc_fail(error, TC_LIMIT, "", "%s is packed more than 200 times", opened->name);
    return TC_OK;
}

/* TC_OK with no file: there is no such entry. */
static tc_status part_open(part *opened, zip_t *zip, const char *name, tc_error *error)
{
    *opened = (part){.name = name};
    zip_int64_t index = zip_name_locate(zip, name, ZIP_FL_NOCASE);
    if (index < 0) return TC_OK;
    zip_stat_t stat;
    if (zip_stat_index(zip, (zip_uint64_t)index, 0, &stat) != 0) return zip_failed(error, zip_error_code_zip(zip_get_error(zip)));
    tc_status status = part_checked(opened, &stat, error);
    if (status != TC_OK) return status;
    opened->file = zip_fopen_index(zip, (zip_uint64_t)index, 0);
    if (!opened->file) return zip_failed(error, zip_error_code_zip(zip_get_error(zip)));
    return TC_OK;
}

static tc_status part_read(part *opened, void *bytes, size_t size, size_t *got, tc_error *error)
{
    zip_int64_t read = zip_fread(opened->file, bytes, size);
    if (read < 0) return zip_failed(error, zip_error_code_zip(zip_file_get_error(opened->file)));
    opened->read += (uint64_t)read;
    if (opened->read > opened->allowed) return tc_fail(error, TC_LIMIT, "", "%s unpacks to too much", opened->name);
    *got = (size_t)read;
    return TC_OK;
}

static void part_close(part *opened)
{
    if (opened->file) zip_fclose(opened->file);
    opened->file = NULL;
}

/* --- XML --- */

static void refuse(tc_xlsx *xlsx, tc_status status, const char *message)
{
    if (xlsx->status != TC_OK) return;
    xlsx->status = status;
    xlsx->message = message;
    XML_StopParser(xlsx->parser, XML_FALSE);
}

static void on_doctype(void *context, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    refuse(context, TC_BAD_FORMAT, "its XML has a DOCTYPE");
}

/* Names without their prefix: writers choose it freely. */
static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

static bool is(const char *name, const char *wanted) { return strcmp(local(name), wanted) == 0; }

static const char *attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(*attributes, name) == 0) return attributes[1];
    return NULL;
}

static tc_status parse_begin(tc_xlsx *xlsx, XML_StartElementHandler start, XML_EndElementHandler end,
                             XML_CharacterDataHandler text)
{
    if (xlsx->parser) XML_ParserFree(xlsx->parser);
    xlsx->parser = XML_ParserCreate(NULL);
    if (!xlsx->parser) return TC_NO_MEMORY;
    XML_SetUserData(xlsx->parser, xlsx);
    XML_SetStartDoctypeDeclHandler(xlsx->parser, on_doctype);
    XML_SetElementHandler(xlsx->parser, start, end);
    XML_SetCharacterDataHandler(xlsx->parser, text);
    xlsx->status = TC_OK;
    xlsx->suspended = xlsx->last_chunk = false;
    xlsx->depth = 0;
    return TC_OK;
}

static tc_status parse_failed(const tc_xlsx *xlsx, tc_error *error)
{
    if (xlsx->status != TC_OK) return tc_fail(error, xlsx->status, "", "%s: %s", xlsx->part.name, xlsx->message);
    enum XML_Error code = XML_GetErrorCode(xlsx->parser);
    if (code == XML_ERROR_NO_MEMORY) return tc_fail(error, TC_NO_MEMORY, "", "%s", xlsx->part.name);
    return tc_fail(error, TC_BAD_FORMAT, "", "%s: %s", xlsx->part.name, XML_ErrorString(code));
}

/* Parses until the end or until a handler suspends the parser. */
static tc_status parse_on(tc_xlsx *xlsx, tc_error *error)
{
    for (;;) {
        enum XML_Status answer;
        if (xlsx->suspended) {
            xlsx->suspended = false;
            answer = XML_ResumeParser(xlsx->parser);
        } else if (xlsx->last_chunk) {
            return TC_OK;
        } else {
            size_t got = 0;
            void *chunk = XML_GetBuffer(xlsx->parser, CHUNK);
            if (!chunk) return parse_failed(xlsx, error);
            tc_status status = part_read(&xlsx->part, chunk, CHUNK, &got, error);
            if (status != TC_OK) return status;
            xlsx->last_chunk = got == 0;
            answer = XML_ParseBuffer(xlsx->parser, (int)got, got == 0);
        }
        if (answer == XML_STATUS_ERROR) return parse_failed(xlsx, error);
        if (answer == XML_STATUS_SUSPENDED) {
            xlsx->suspended = true;
            return TC_OK;
        }
    }
}

static bool deeper(tc_xlsx *xlsx)
{
    if (++xlsx->depth > DEPTH_MAX) refuse(xlsx, TC_LIMIT, "its XML is nested too deeply");
    return xlsx->status == TC_OK;
}

static void on_end_only(void *context, const XML_Char *name)
{
    (void)name;
    ((tc_xlsx *)context)->depth--;
}

/* --- the workbook: names of sheets, where they are --- */

static void add_sheet(tc_xlsx *xlsx, const char *name, const char *relation)
{
    if (xlsx->sheet_count == SHEETS_MAX) {
        refuse(xlsx, TC_LIMIT, "more than 256 sheets");
        return;
    }
    if (xlsx->sheet_count == xlsx->sheet_room) {
        size_t room = xlsx->sheet_room ? xlsx->sheet_room * 2 : 4;
        sheet *sheets = realloc(xlsx->sheets, room * sizeof *sheets);
        if (!sheets) {
            refuse(xlsx, TC_NO_MEMORY, "");
            return;
        }
        xlsx->sheets = sheets;
        xlsx->sheet_room = room;
    }
    sheet *added = &xlsx->sheets[xlsx->sheet_count++];
    *added = (sheet){strdup(name), strdup(relation), NULL};
    if (!added->name || !added->relation) refuse(xlsx, TC_NO_MEMORY, "");
}

static void on_workbook_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    tc_xlsx *xlsx = context;
    if (!deeper(xlsx)) return;
    if (is(name, "workbookPr")) {
        const char *value = attribute(attributes, "date1904");
        xlsx->date1904 = value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
    }
    if (!is(name, "sheet")) return;
    const char *title = attribute(attributes, "name"), *relation = NULL;
    for (const char **each = attributes; *each; each += 2) /* r:id, with whatever prefix */
        if (strchr(*each, ':') && is(*each, "id")) relation = each[1];
    if (title && relation) add_sheet(xlsx, title, relation);
}

static char *path_of(const char *target)
{
    const char *folder = *target == '/' ? "" : "xl/";
    target += *target == '/';
    size_t size = strlen(folder) + strlen(target) + 1;
    char *path = malloc(size);
    if (path) snprintf(path, size, "%s%s", folder, target);
    return path;
}

static void on_relation_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    tc_xlsx *xlsx = context;
    if (!deeper(xlsx) || !is(name, "Relationship")) return;
    const char *id = attribute(attributes, "Id"), *target = attribute(attributes, "Target");
    if (!id || !target) return;
    for (size_t i = 0; i < xlsx->sheet_count; i++) {
        sheet *each = &xlsx->sheets[i];
        if (each->path || strcmp(each->relation, id) != 0) continue;
        each->path = path_of(target);
        if (!each->path) refuse(xlsx, TC_NO_MEMORY, "");
    }
}

/* Reads one small entry whole. */
static tc_status parse_part(tc_xlsx *xlsx, const char *name, bool required, XML_StartElementHandler start,
                            XML_EndElementHandler end, XML_CharacterDataHandler text, tc_error *error)
{
    tc_status status = part_open(&xlsx->part, xlsx->zip, name, error);
    if (status == TC_OK && !xlsx->part.file && required)
        status = tc_fail(error, TC_BAD_FORMAT, "", "a ZIP archive, but not a workbook: no %s", name);
    if (status == TC_OK && xlsx->part.file) {
        status = parse_begin(xlsx, start, end, text);
        if (status == TC_OK) status = parse_on(xlsx, error);
    }
    part_close(&xlsx->part);
    return status;
}

/* --- shared strings --- */

static void on_strings_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    (void)attributes;
    tc_xlsx *xlsx = context;
    if (!deeper(xlsx)) return;
    if (is(name, "rPh")) xlsx->in_phonetic = true; /* how to pronounce it: not its text */
    xlsx->capturing = is(name, "t") && !xlsx->in_phonetic;
}

static void on_strings_text(void *context, const XML_Char *text, int size)
{
    tc_xlsx *xlsx = context;
    if (!xlsx->capturing) return;
    tc_buffer_put(&xlsx->strings, text, (size_t)size);
    if (xlsx->strings.size > STRINGS_MAX) refuse(xlsx, TC_LIMIT, "more than 64 MiB of shared strings");
}

static void on_strings_end(void *context, const XML_Char *name)
{
    tc_xlsx *xlsx = context;
    xlsx->depth--;
    xlsx->capturing = false;
    if (is(name, "rPh")) xlsx->in_phonetic = false;
    if (!is(name, "si")) return;
    uint32_t end = (uint32_t)xlsx->strings.size;
    tc_buffer_put(&xlsx->string_ends, (const char *)&end, sizeof end);
    xlsx->string_count++;
    if (xlsx->string_ends.size > STRINGS_MAX) refuse(xlsx, TC_LIMIT, "too many shared strings");
    if (xlsx->strings.failed || xlsx->string_ends.failed) refuse(xlsx, TC_NO_MEMORY, "");
}

static bool shared_string(const tc_xlsx *xlsx, tc_text *text, tc_text index)
{
    size_t number = 0;
    if (!index.size || index.size > 9) return false;
    for (size_t i = 0; i < index.size; i++) {
        if (index.data[i] < '0' || index.data[i] > '9') return false;
        number = number * 10 + (size_t)(index.data[i] - '0');
    }
    if (number >= xlsx->string_count) return false;
    uint32_t from = 0, end;
    if (number) memcpy(&from, xlsx->string_ends.data + (number - 1) * sizeof from, sizeof from);
    memcpy(&end, xlsx->string_ends.data + number * sizeof end, sizeof end);
    *text = (tc_text){end > from ? xlsx->strings.data + from : NULL, end - from};
    return true;
}

/* --- numbers --- */

/* A sheet's number is a binary double written with up to 17 digits, of which 15
 * are what people see: 66.1 may stand as 66.099999999999994. Done on the digits,
 * so that no locale and no float comes in. */
typedef struct {
    char digit[24];
    int count, point; /* digits before the decimal point, may be negative */
    bool negative;
} decimal;

static bool decimal_read(decimal *number, const char *text, size_t size)
{
    size_t i = size && (*text == '-' || *text == '+');
    bool past_point = false, any = false;
    *number = (decimal){.negative = i && *text == '-'};
    for (; i < size && (text[i] == '.' || (text[i] >= '0' && text[i] <= '9')); i++) {
        if (text[i] == '.') {
            if (past_point) return false;
            past_point = true;
            continue;
        }
        any = true;
        if (number->count == 0 && text[i] == '0') {
            number->point -= past_point;
            continue;
        }
        if (number->count == (int)sizeof number->digit) return false;
        number->digit[number->count++] = text[i];
        number->point += !past_point;
    }
    if (!any) return false;
    if (i == size) return true;
    if (text[i] != 'E' && text[i] != 'e') return false;
    bool minus = ++i < size && text[i] == '-';
    i += i < size && (text[i] == '-' || text[i] == '+');
    int exponent = 0;
    if (i == size || size - i > 3) return false;
    for (; i < size; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        exponent = exponent * 10 + (text[i] - '0');
    }
    number->point += minus ? -exponent : exponent;
    return true;
}

static void decimal_round(decimal *number, int digits)
{
    if (number->count <= digits) return;
    bool up = number->digit[digits] >= '5';
    number->count = digits;
    while (up && number->count) {
        char *last = &number->digit[number->count - 1];
        up = *last == '9';
        if (up) number->count--;
        else ++*last;
    }
    if (up) {
        number->digit[0] = '1';
        number->count = 1;
        number->point++;
    }
}

size_t tc_xlsx_number(char plain[TC_XLSX_NUMBER_SIZE], const char *text, size_t size)
{
    enum { DIGITS = 15 };
    decimal number;
    if (!decimal_read(&number, text, size)) return 0;
    bool exponent = memchr(text, 'E', size) || memchr(text, 'e', size);
    /* 2.2E+15 was an order number once: its digits are gone, do not invent zeros. */
    if (exponent && number.point > DIGITS && number.count < number.point) return 0;
    if (number.count > number.point) decimal_round(&number, DIGITS); /* whole numbers keep all digits */
    while (number.count && number.digit[number.count - 1] == '0') number.count--;
    if (number.point > 24 || number.point < -12) return 0;
    size_t used = 0;
    if (number.negative && number.count) plain[used++] = '-';
    if (number.point <= 0 || !number.count) plain[used++] = '0';
    for (int i = 0; i < number.point && number.count; i++) plain[used++] = i < number.count ? number.digit[i] : '0';
    if (number.count > number.point && number.count) plain[used++] = '.';
    for (int i = number.point; i < number.count; i++) plain[used++] = i < 0 ? '0' : number.digit[i];
    return used;
}

/* --- rows --- */

/* The column of a reference such as BC12, from 0; -1 if it has none. */
static int32_t column_of(const char *reference)
{
    int32_t column = 0;
    const char *at = reference;
    for (; *at >= 'A' && *at <= 'Z' && column < 20000; at++) column = column * 26 + (*at - 'A' + 1);
    return at > reference ? column - 1 : -1;
}

static void row_start(tc_xlsx *xlsx, const char **attributes)
{
    const char *number = attribute(attributes, "r");
    unsigned long row = number ? strtoul(number, NULL, 10) : xlsx->row + 1ul;
    if (row < 1 || row > ROWS_MAX || ++xlsx->rows > ROWS_MAX) {
        refuse(xlsx, TC_LIMIT, "more than 1,048,576 rows");
        return;
    }
    xlsx->row = (uint32_t)row;
    xlsx->column = 0;
    xlsx->cell_count = 0;
    xlsx->text.size = 0;
}

static void cell_start(tc_xlsx *xlsx, const char **attributes)
{
    const char *reference = attribute(attributes, "r"), *type = attribute(attributes, "t");
    int32_t column = reference ? column_of(reference) : -1;
    if (column >= 0) xlsx->column = (uint32_t)column;
    xlsx->type = 'n';
    if (type) xlsx->type = strcmp(type, "str") == 0 || strcmp(type, "inlineStr") == 0 ? 't' : *type;
    xlsx->in_cell = true;
    xlsx->cell_from = xlsx->text.size;
}

static void on_sheet_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    tc_xlsx *xlsx = context;
    if (!deeper(xlsx)) return;
    if (is(name, "row")) row_start(xlsx, attributes);
    else if (is(name, "c")) cell_start(xlsx, attributes);
    else if (is(name, "is")) xlsx->in_inline = true;
    else if (is(name, "rPh")) xlsx->in_phonetic = true;
    bool text = is(name, "v") || (is(name, "t") && xlsx->in_inline && !xlsx->in_phonetic);
    xlsx->capturing = xlsx->in_cell && text;
}

static void on_sheet_text(void *context, const XML_Char *text, int size)
{
    tc_xlsx *xlsx = context;
    if (!xlsx->capturing) return;
    tc_buffer_put(&xlsx->text, text, (size_t)size);
    if (xlsx->text.size > ROW_TEXT_MAX) refuse(xlsx, TC_LIMIT, "a row is longer than 1 MiB");
}

/* What was captured, in the words of people. */
static bool cell_value(tc_xlsx *xlsx, tc_text *value)
{
    char plain[TC_XLSX_NUMBER_SIZE];
    *value = (tc_text){xlsx->text.data + xlsx->cell_from, xlsx->text.size - xlsx->cell_from};
    if (!value->size) return true;
    if (xlsx->type == 's') return shared_string(xlsx, value, *value);
    if (xlsx->type == 'b') *value = *value->data == '1' ? (tc_text){"true", 4} : (tc_text){"false", 5};
    if (xlsx->type != 'n') return true;
    size_t size = tc_xlsx_number(plain, value->data, value->size);
    if (!size) return true;
    xlsx->text.size = xlsx->cell_from;
    tc_buffer_put(&xlsx->text, plain, size);
    *value = (tc_text){xlsx->text.data + xlsx->cell_from, size};
    return true;
}

static void cell_end(tc_xlsx *xlsx)
{
    tc_text value;
    xlsx->in_cell = false;
    size_t column = xlsx->column++;
    if (xlsx->text.failed) {
        refuse(xlsx, TC_NO_MEMORY, "");
    } else if (!cell_value(xlsx, &value)) {
        refuse(xlsx, TC_BAD_FORMAT, "a cell names a shared string that does not exist");
    } else if (value.size && column >= COLUMNS_MAX) {
        refuse(xlsx, TC_LIMIT, "more than 512 columns");
    } else if (value.size) {
        for (; xlsx->cell_count <= column; xlsx->cell_count++) {
            xlsx->cells[xlsx->cell_count] = (tc_text){NULL, 0};
            xlsx->shared[xlsx->cell_count] = true;
        }
        /* The row's own text may move while it grows: kept as an offset until the row is whole. */
        bool own = xlsx->type != 's' && xlsx->type != 'b';
        xlsx->cells[column] = value;
        xlsx->shared[column] = !own;
        xlsx->offset[column] = xlsx->cell_from;
    }
}

static void on_sheet_end(void *context, const XML_Char *name)
{
    tc_xlsx *xlsx = context;
    xlsx->depth--;
    xlsx->capturing = false;
    if (xlsx->status != TC_OK) return;
    if (is(name, "c") && xlsx->in_cell) cell_end(xlsx);
    else if (is(name, "is")) xlsx->in_inline = false;
    else if (is(name, "rPh")) xlsx->in_phonetic = false;
    else if (is(name, "row") && xlsx->cell_count) XML_StopParser(xlsx->parser, XML_TRUE);
}

tc_status tc_xlsx_next(tc_xlsx *xlsx, const tc_text **cells, size_t *count, uint32_t *number, bool *end,
                       tc_error *error)
{
    xlsx->cell_count = 0;
    tc_status status = parse_on(xlsx, error);
    if (status != TC_OK) {
        xlsx->suspended = false;
        xlsx->last_chunk = true; /* nothing more comes of it */
        return status;
    }
    *end = !xlsx->suspended;
    if (*end) return TC_OK;
    for (size_t i = 0; i < xlsx->cell_count; i++)
        if (!xlsx->shared[i]) xlsx->cells[i].data = xlsx->text.data + xlsx->offset[i];
    *cells = xlsx->cells;
    *count = xlsx->cell_count;
    *number = xlsx->row;
    return TC_OK;
}

tc_status tc_xlsx_sheet(tc_xlsx *xlsx, size_t index, tc_error *error)
{
    part_close(&xlsx->part);
    const char *path = xlsx->sheets[index].path;
    if (!path) return tc_fail(error, TC_BAD_FORMAT, "", "sheet %s has no content", xlsx->sheets[index].name);
    tc_status status = part_open(&xlsx->part, xlsx->zip, path, error);
    if (status != TC_OK) return status;
    if (!xlsx->part.file) return tc_fail(error, TC_BAD_FORMAT, "", "no %s in the workbook", path);
    xlsx->row = xlsx->rows = 0;
    xlsx->cell_count = 0;
    xlsx->in_cell = xlsx->in_inline = xlsx->in_phonetic = xlsx->capturing = false;
    return parse_begin(xlsx, on_sheet_start, on_sheet_end, on_sheet_text);
}

/* --- opening --- */

static tc_status open_parts(tc_xlsx *xlsx, tc_error *error)
{
    if (zip_get_num_entries(xlsx->zip, 0) > ENTRIES_MAX) return tc_fail(error, TC_LIMIT, "", "more than 10,000 entries");
    tc_status status = parse_part(xlsx, "xl/workbook.xml", true, on_workbook_start, on_end_only, NULL, error);
    if (status == TC_OK)
        status = parse_part(xlsx, "xl/_rels/workbook.xml.rels", true, on_relation_start, on_end_only, NULL, error);
    if (status == TC_OK)
        status = parse_part(xlsx, "xl/sharedStrings.xml", false, on_strings_start, on_strings_end, on_strings_text, error);
    if (status == TC_OK && !xlsx->sheet_count) status = tc_fail(error, TC_BAD_FORMAT, "", "the workbook has no sheets");
    return status;
}

/* Owns `source` from here on. */
static tc_status open_source(tc_xlsx **opened, tc_error *error, zip_source_t *source)
{
    zip_error_t why;
    zip_error_init(&why);
    tc_xlsx *xlsx = calloc(1, sizeof *xlsx);
    zip_t *zip = xlsx ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
    if (!zip) {
        tc_status status = xlsx ? zip_failed(error, zip_error_code_zip(&why)) : tc_fail(error, TC_NO_MEMORY, "", "%s", "");
        zip_source_free(source);
        zip_error_fini(&why);
        free(xlsx);
        return status;
    }
    zip_error_fini(&why);
    xlsx->zip = zip;
    tc_status status = TC_NO_MEMORY;
    if (tc_buffer_reserve(&xlsx->text, 1)) status = open_parts(xlsx, error);
    if (status != TC_OK) {
        tc_xlsx_close(xlsx);
        return status;
    }
    *opened = xlsx;
    return TC_OK;
}

tc_status tc_xlsx_open_bytes(tc_xlsx **xlsx, tc_error *error, const void *bytes, size_t size)
{
    zip_source_t *source = zip_source_buffer_create(bytes, size, 0, NULL);
    if (!source) return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    return open_source(xlsx, error, source);
}

tc_status tc_xlsx_open_file(tc_xlsx **xlsx, tc_error *error, int fd)
{
    int copy = dup(fd);
    FILE *file = copy >= 0 ? fdopen(copy, "rb") : NULL;
    if (!file) {
        if (copy >= 0) close(copy);
        return tc_fail(error, TC_IO, "", "cannot read the workbook");
    }
    zip_source_t *source = zip_source_filep_create(file, 0, -1, NULL);
    if (!source) {
        fclose(file);
        return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    }
    return open_source(xlsx, error, source);
}

void tc_xlsx_close(tc_xlsx *xlsx)
{
    if (!xlsx) return;
    part_close(&xlsx->part);
    if (xlsx->parser) XML_ParserFree(xlsx->parser);
    zip_discard(xlsx->zip);
    for (size_t i = 0; i < xlsx->sheet_count; i++) {
        free(xlsx->sheets[i].name);
        free(xlsx->sheets[i].relation);
        free(xlsx->sheets[i].path);
    }
    free(xlsx->sheets);
    tc_buffer_free(&xlsx->strings);
    tc_buffer_free(&xlsx->string_ends);
    tc_buffer_free(&xlsx->text);
    free(xlsx);
}

size_t tc_xlsx_sheet_count(const tc_xlsx *xlsx) { return xlsx->sheet_count; }
const char *tc_xlsx_sheet_name(const tc_xlsx *xlsx, size_t index) { return xlsx->sheets[index].name; }
bool tc_xlsx_date1904(const tc_xlsx *xlsx) { return xlsx->date1904; }
uint64_t tc_xlsx_bytes(const tc_xlsx *xlsx) { return xlsx->part.read; }
uint64_t tc_xlsx_bytes_total(const tc_xlsx *xlsx) { return xlsx->part.size; }
