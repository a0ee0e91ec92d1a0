#include "bill.h"

#include <errno.h>
#include <expat.h>

#include "formats.h"
#include "text/input.h"
#include "reader.h"

#define BIT(charge) (uint16_t)(1u << (charge))
enum { NO_CHARGE = 0, DEPTH_MAX = 32, NAME_SIZE = 128 };

typedef struct {
    tc_bill_sink *sink;
    void *context;
    tc_error *error;
    uint64_t lines;
} bill;

/* Names as printed, by their letters and digits; `*` at the end: and whatever follows. */
static const struct {
    const char *name;
    uint16_t covers;
} names[] = {
    {"brokerage", BIT(TC_BROKERAGE)},
    {"brokeragez", BIT(TC_BROKERAGE)},
    {"taxablevalueofsupply*", BIT(TC_BROKERAGE)},
    {"transactiontax", BIT(TC_TRANSACTION_TAX)},
    {"stt", BIT(TC_TRANSACTION_TAX)},
    {"ctt", BIT(TC_TRANSACTION_TAX)},
    {"securitiestransactiontax*", BIT(TC_TRANSACTION_TAX)},
    {"commoditiestransactiontax*", BIT(TC_TRANSACTION_TAX)},
    {"commoditytransactiontax*", BIT(TC_TRANSACTION_TAX)},
    {"exchangecharge", BIT(TC_EXCHANGE_CHARGE)},
    {"exchangecharges", BIT(TC_EXCHANGE_CHARGE)},
    {"exchangetransaction*", BIT(TC_EXCHANGE_CHARGE)},
    {"exchangeturnover*", BIT(TC_EXCHANGE_CHARGE)},
    {"transactioncharge*", BIT(TC_EXCHANGE_CHARGE)},
    {"txncharges", BIT(TC_EXCHANGE_CHARGE)},
    {"clearing*", BIT(TC_CLEARING_CHARGE)},
    {"sebi*", BIT(TC_SEBI_FEE)},
    {"ipft*", BIT(TC_IPFT)},
    {"stampduty*", BIT(TC_STAMP_DUTY)},
    {"stamp", BIT(TC_STAMP_DUTY)},
    {"gst*", BIT(TC_GST)},
    {"cgst*", BIT(TC_GST)},
    {"sgst*", BIT(TC_GST)},
    {"igst*", BIT(TC_GST)},
    {"utgst*", BIT(TC_GST)},
    {"utt", BIT(TC_GST)},
    {"centralgst*", BIT(TC_GST)},
    {"stategst*", BIT(TC_GST)},
    {"integratedgst*", BIT(TC_GST)},
    {"dpcharge*", BIT(TC_DP_CHARGE)},
    {"other", BIT(TC_OTHER)},
    {"othercharges", BIT(TC_OTHER)},
    {"othcharges", BIT(TC_OTHER)},
    {"payin*", NO_CHARGE},
    {"net*", NO_CHARGE},
    {"total*", NO_CHARGE},
    {"notetotal", NO_CHARGE},
    {"turnover*", NO_CHARGE},
};

static bool name_matches(const char *name, const char *pattern)
{
    size_t size = strlen(pattern);
    if (pattern[size - 1] == '*') return strncmp(name, pattern, size - 1) == 0;
    return strcmp(name, pattern) == 0;
}

uint16_t tc_bill_charges(tc_text name, bool *total)
{
    char normal[TC_HEADER_SIZE];
    tc_header_normalise(normal, name);
    *total = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!name_matches(normal, names[i].name)) continue;
        *total = names[i].covers == NO_CHARGE;
        return names[i].covers;
    }
    return 0;
}

static tc_status deliver(bill *out, tc_bill_line *line, tc_text amount)
{
    char room[64];
    tc_scratch scratch = {room, sizeof room};
    tc_text plain;
    tc_status status = tc_number_read(&plain, &scratch, amount, 9);
    if (status == TC_OK) status = tc_decimal_parse(&line->amount.nanos, plain.data, plain.size, 9);
    if (status != TC_OK) {
        tc_fail(out->error, status, "amount", "%.*s: not an amount", (int)(amount.size < 60 ? amount.size : 60), amount.data);
        if (out->error) out->error->row = line->row, out->error->line = line->line;
        return status;
    }
    if (line->amount.nanos < 0) line->amount.nanos = -line->amount.nanos; /* payable, printed as a debit */
    out->lines++;
    return out->sink(out->context, line);
}

/* --- tables --- */

static int find_column(const tc_reader *reader, const char *wanted)
{
    size_t count;
    const tc_text *columns = tc_reader_columns(reader, &count);
    for (size_t i = 0; i < count; i++) {
        char normal[TC_HEADER_SIZE];
        tc_header_normalise(normal, columns[i]);
        if (strcmp(normal, wanted) == 0) return (int)i;
    }
    return -1;
}

static tc_status row_failed(const tc_row *row, tc_error *error, tc_status status, const char *field, const char *message)
{
    tc_fail(error, status, field, "%s", message);
    if (error) error->row = row->number, error->line = row->line;
    return status;
}

/* One row of a list of date, charge, amount. */
static tc_status take_listed(bill *out, const tc_row *row, tc_bill_line *line, int charge, int amount)
{
    bool total;
    line->name = tc_trim(row->cells[charge]);
    line->covers = tc_bill_charges(line->name, &total);
    tc_text text = tc_trim(row->cells[amount]);
    if (total || tc_is_blank(text)) return TC_OK;
    if (!line->covers) return row_failed(row, out->error, TC_UNKNOWN_WORD, "charge", "not the name of a charge");
    return deliver(out, line, text);
}

static tc_status take_charges(bill *out, const tc_row *row, tc_bill_line *line)
{
    for (int i = 0; i < TC_CHARGE_COUNT; i++) {
        if (!row->charge[i].size) continue;
        line->covers = row->charge_covers[i];
        line->name = tc_text_of("");
        tc_status status = deliver(out, line, row->charge[i]);
        if (status != TC_OK) return status;
    }
    return TC_OK;
}

static tc_status take_row(bill *out, const tc_row *row, int charge, int amount)
{
    if (row->status != TC_OK) {
        if (out->error) *out->error = row->error;
        return row->status;
    }
    tc_bill_line line = {.row = row->number, .line = row->line};
    tc_text date = row->request.field[TC_F_DATE];
    if (tc_date_parse(&line.date, date.data, date.size) != TC_OK)
        return row_failed(row, out->error, TC_BAD_DATE, "date", "a charge needs its date");
    return charge >= 0 ? take_listed(out, row, &line, charge, amount) : take_charges(out, row, &line);
}

/* Takes the input over. */
static tc_status read_table(bill *out, tc_input *input)
{
    tc_reader *reader;
    const tc_reader_options options = {.charges = true};
    tc_status status = tc_reader_open_input(&reader, out->error, input, &options);
    if (status != TC_OK) return status;
    bool listed = strncmp(tc_reader_format(reader), "bill", 4) == 0;
    int charge = listed ? find_column(reader, "charge") : -1, amount = listed ? find_column(reader, "amount") : -1;
    for (;;) {
        tc_row row;
        bool end;
        status = tc_reader_next(reader, &row, &end, out->error);
        if (status != TC_OK || end) break;
        status = take_row(out, &row, charge, amount);
        if (status != TC_OK) break;
    }
    tc_reader_close(reader);
    return status;
}

/* --- Zerodha's XML note: contract/timestamp, then grandtotal name and value --- */

typedef struct {
    bill *out;
    XML_Parser parser;
    tc_status status;
    int depth, contract_depth;
    char text[NAME_SIZE], name[NAME_SIZE], value[NAME_SIZE];
    size_t text_size;
    bool in_total, dated;
    tc_bill_line line;
} note;

static void note_stop(note *reading, tc_status status)
{
    reading->status = status;
    XML_StopParser(reading->parser, XML_FALSE);
}

static tc_status note_failed(note *reading, tc_status status, const char *field, const char *message)
{
    tc_error *error = reading->out->error;
    tc_fail(error, status, field, "%s", message);
    if (error) error->line = (uint32_t)XML_GetCurrentLineNumber(reading->parser);
    return status;
}

static void on_doctype(void *context, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    note *reading = context;
    note_stop(reading, note_failed(reading, TC_BAD_FORMAT, "", "the XML has a DOCTYPE"));
}

static void on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    (void)attributes;
    note *reading = context;
    if (++reading->depth > DEPTH_MAX) note_stop(reading, note_failed(reading, TC_LIMIT, "", "nested too deeply"));
    reading->text_size = 0;
    if (strcmp(name, "contract") == 0) {
        reading->contract_depth = reading->depth;
        reading->dated = false;
        reading->line.row++;
    } else if (strcmp(name, "grandtotal") == 0) {
        reading->in_total = true;
        reading->name[0] = reading->value[0] = '\0';
    }
}

static void on_text(void *context, const XML_Char *text, int size)
{
    note *reading = context;
    for (int i = 0; i < size && reading->text_size + 1 < sizeof reading->text; i++)
        reading->text[reading->text_size++] = text[i];
}

static tc_status note_total(note *reading)
{
    bool total;
    tc_bill_line *line = &reading->line;
    line->name = tc_text_of(reading->name);
    line->line = (uint32_t)XML_GetCurrentLineNumber(reading->parser);
    line->covers = tc_bill_charges(line->name, &total);
    tc_text value = tc_text_of(reading->value);
    if (total || tc_is_blank(value)) return TC_OK;
    /* A levy that nobody here has heard of is still a cost. */
    if (!line->covers) line->covers = BIT(TC_OTHER);
    if (!reading->dated) return note_failed(reading, TC_BAD_DATE, "timestamp", "totals before the contract's date");
    return deliver(reading->out, line, value);
}

static void on_end(void *context, const XML_Char *name)
{
    note *reading = context;
    if (reading->status != TC_OK) return;
    tc_status status = TC_OK;
    tc_text text = tc_trim((tc_text){reading->text, reading->text_size});
    char *keep = !reading->in_total ? NULL : strcmp(name, "name") == 0 ? reading->name
               : strcmp(name, "value") == 0 ? reading->value : NULL;
    if (keep) {
        memcpy(keep, text.data, text.size);
        keep[text.size] = '\0';
    } else if (strcmp(name, "timestamp") == 0 && reading->depth == reading->contract_depth + 1) {
        tc_moment moment;
        status = tc_moment_read(&moment, text, false);
        reading->dated = status == TC_OK && moment.has_date;
        if (reading->dated) reading->line.date = moment.date;
        else note_failed(reading, status = TC_BAD_DATE, "timestamp", "not a date");
    } else if (strcmp(name, "grandtotal") == 0) {
        status = note_total(reading);
        reading->in_total = false;
    }
    reading->text_size = 0;
    reading->depth--;
    if (status != TC_OK) note_stop(reading, status);
}

static tc_status note_parse(note *reading, tc_input *input)
{
    enum { CHUNK = 1 << 15, WHOLE_MAX = 64 << 20 };
    for (;;) {
        void *chunk = XML_GetBuffer(reading->parser, CHUNK);
        if (!chunk) return tc_fail(reading->out->error, TC_NO_MEMORY, "", "%s", "");
        ptrdiff_t got = tc_input_read(input, chunk, CHUNK);
        if (got < 0) return tc_fail(reading->out->error, TC_IO, "", "%s", strerror(errno));
        if (input->bytes > WHOLE_MAX) return tc_fail(reading->out->error, TC_LIMIT, "", "a note larger than 64 MiB");
        if (XML_ParseBuffer(reading->parser, (int)got, got == 0) == XML_STATUS_ERROR) {
            if (reading->status != TC_OK) return reading->status;
            return note_failed(reading, TC_BAD_FORMAT, "", XML_ErrorString(XML_GetErrorCode(reading->parser)));
        }
        if (got == 0) return TC_OK;
    }
}

static tc_status read_note(bill *out, tc_input *input)
{
    note reading = {.out = out, .parser = XML_ParserCreate(NULL), .contract_depth = -1};
    if (!reading.parser) return tc_fail(out->error, TC_NO_MEMORY, "", "%s", "");
    XML_SetUserData(reading.parser, &reading);
    XML_SetStartDoctypeDeclHandler(reading.parser, on_doctype);
    XML_SetElementHandler(reading.parser, on_start, on_end);
    XML_SetCharacterDataHandler(reading.parser, on_text);
    tc_status status = note_parse(&reading, input);
    XML_ParserFree(reading.parser);
    return status;
}

static bool is_xml(const tc_input *input)
{
    size_t at = input->head_size >= 3 && memcmp(input->head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < input->head_size && input->head[at] <= ' ') at++;
    return at < input->head_size && input->head[at] == '<';
}

tc_status tc_bill_read(const char *path, tc_bill_sink *sink, void *context, tc_error *error)
{
    bill out = {sink, context, error, 0};
    tc_input input;
    tc_status status = tc_input_open(&input, error, path);
    if (status != TC_OK) return status;
    if (is_xml(&input)) {
        status = read_note(&out, &input);
        tc_input_close(&input);
    } else {
        status = read_table(&out, &input);
    }
    if (status == TC_OK && !out.lines) return tc_fail(error, TC_BAD_FORMAT, "", "%s holds no charges", path);
    return status;
}
