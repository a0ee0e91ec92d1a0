#include "symbol.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static int digit(char c) { return c - '0'; }
static bool two_digits(const char *at) { return is_digit(at[0]) && is_digit(at[1]); }
static int two(const char *at) { return digit(at[0]) * 10 + digit(at[1]); }

/* The exchanges have listed derivatives since 2000; a wider window would take
 * digits of an underlying's name (NIFTYNXT50) for a year. */
static bool plausible_year(int year) { return year >= 2000 && year <= 2049; }

/* Whether `text` may be a strike: digits, perhaps a point, not zero-led. */
static bool is_strike(tc_text text)
{
    size_t points = 0;
    if (!text.size || text.data[0] == '.' || (text.data[0] == '0' && !(text.size > 1 && text.data[1] == '.'))) return false;
    for (size_t i = 0; i < text.size; i++) points += text.data[i] == '.';
    return points <= 1 && text.data[text.size - 1] != '.';
}

static bool set_day(tc_contract *contract, int year, int month, int day)
{
    if (!plausible_year(year) || tc_date_of(&contract->expiry, year, month, day) != TC_OK) return false;
    contract->expiry_known = true;
    contract->expiry_year = year;
    contract->expiry_month = month;
    return true;
}

/* Ends in yyMMM: the month alone, its last day of trading is not in the name. */
static bool monthly(tc_contract *contract, tc_text stem)
{
    if (stem.size < 6) return false;
    const char *at = stem.data + stem.size - 5;
    int month = tc_month_find((tc_text){at + 2, 3});
    if (!month || !two_digits(at) || !plausible_year(2000 + two(at))) return false;
    contract->underlying = (tc_text){stem.data, stem.size - 5};
    contract->expiry_year = 2000 + two(at);
    contract->expiry_month = month;
    return true;
}

/* yyMdd at `at`, where M is 1-9, O, N or D. */
static bool weekly_date(tc_contract *contract, const char *at, const char *end)
{
    if (end - at < 5 || !two_digits(at) || !two_digits(at + 3)) return false;
    char c = at[2];
    int month = c >= '1' && c <= '9' ? digit(c) : c == 'O' ? 10 : c == 'N' ? 11 : c == 'D' ? 12 : 0;
    return month && set_day(contract, 2000 + two(at), month, two(at + 3));
}

static bool weekly_at(tc_contract *contract, tc_text stem, const char *at, bool option)
{
    const char *end = stem.data + stem.size;
    tc_contract found = *contract;
    if (at <= stem.data || !weekly_date(&found, at, end)) return false;
    found.strike = (tc_text){at + 5, (size_t)(end - at - 5)};
    if (option ? !is_strike(found.strike) : found.strike.size != 0) return false;
    found.underlying = (tc_text){stem.data, (size_t)(at - stem.data)};
    *contract = found;
    return true;
}

/* `run` is the digits (and point) that end the stem. A letter month stands
 * just before them; else the date is in them, as early as it makes a day. */
static bool weekly(tc_contract *contract, tc_text stem, const char *run, bool option)
{
    if (run - stem.data >= 4 && weekly_at(contract, stem, run - 3, option)) return true;
    for (const char *at = run; at + 5 <= stem.data + stem.size; at++)
        if (weekly_at(contract, stem, at, option)) return true;
    return false;
}

static bool split_stem(tc_contract *contract, tc_text stem, bool option)
{
    const char *run = stem.data + stem.size;
    while (run > stem.data && (is_digit(run[-1]) || run[-1] == '.')) run--;
    tc_text strike = {run, (size_t)(stem.data + stem.size - run)};
    if (option && is_strike(strike) && monthly(contract, (tc_text){stem.data, (size_t)(run - stem.data)})) {
        contract->strike = strike;
        return true;
    }
    if (!option && monthly(contract, stem)) return true;
    return weekly(contract, stem, run, option);
}

bool tc_symbol_parse(tc_contract *contract, tc_text symbol)
{
    tc_contract found = {.class = ""};
    const char *colon = symbol.size ? memchr(symbol.data, ':', symbol.size) : NULL;
    if (colon) symbol = (tc_text){colon + 1, (size_t)(symbol.data + symbol.size - colon - 1)};
    if (symbol.size < 8 || symbol.size > 64) return false;
    const char *end = symbol.data + symbol.size;
    bool option = end[-1] == 'E' && (end[-2] == 'C' || end[-2] == 'P');
    bool future = memcmp(end - 3, "FUT", 3) == 0;
    if (!option && !future) return false;
    tc_text stem = {symbol.data, symbol.size - (option ? 2 : 3)};
    if (!split_stem(&found, stem, option)) return false;
    found.instrument = option ? "option" : "future";
    if (option) found.option_type = (tc_text){end - 2, 2};
    *contract = found;
    return true;
}

/* First words of long names, and what they say. */
static const struct {
    const char *word, *instrument, *class;
} kinds[] = {
    {"OPT", "option", ""},         {"FUT", "future", ""},         {"OPTIDX", "option", "index"},
    {"FUTIDX", "future", "index"}, {"OPTSTK", "option", "stock"}, {"FUTSTK", "future", "stock"},
    {"BSXOPT", "option", "index"}, {"BSXFUT", "future", "index"}, {"OPTCUR", "option", "currency"},
    {"FUTCUR", "future", "currency"}, {"FUTIRC", "future", "interest-rate"}, {"FUTCOM", "future", ""},
    {"OPTFUT", "option", ""},
};

/* The next word of `*rest`, without the spaces around it. */
static tc_text next_word(tc_text *rest)
{
    *rest = tc_trim(*rest);
    size_t size = 0;
    while (size < rest->size && rest->data[size] != ' ') size++;
    tc_text word = {rest->data, size};
    rest->data += size;
    rest->size -= size;
    return word;
}

static int kind_of(tc_text word)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (tc_text_same(word, kinds[i].word)) return (int)i;
    return -1;
}

bool tc_contract_claims(tc_text name) { return kind_of(next_word(&name)) >= 0; }

static int small_number(tc_text word)
{
    int value = 0;
    if (!word.size || word.size > 4) return -1;
    for (size_t i = 0; i < word.size; i++) {
        if (!is_digit(word.data[i])) return -1;
        value = value * 10 + digit(word.data[i]);
    }
    return value;
}

/* Aug 25 2026 or 07 Apr 2026: the month is a word, so nothing is guessed. */
static bool worded_date(tc_contract *contract, tc_text a, tc_text b, tc_text year)
{
    int month = tc_month_find(a), day = small_number(month ? b : a);
    if (!month) month = tc_month_find(b);
    return month && year.size == 4 && set_day(contract, small_number(year), month, day);
}

bool tc_contract_parse(tc_contract *contract, tc_text name)
{
    int kind = kind_of(next_word(&name));
    if (kind < 0) return false;
    tc_contract found = {.instrument = kinds[kind].instrument, .class = kinds[kind].class};
    found.underlying = next_word(&name);
    tc_text a = next_word(&name), b = next_word(&name), year = next_word(&name);
    if (!found.underlying.size || !worded_date(&found, a, b, year)) return false;
    tc_text strike = next_word(&name), type = next_word(&name);
    if (found.instrument[0] == 'o') {
        if (!is_strike(strike) || !(tc_text_is(type, "CE") || tc_text_is(type, "PE"))) return false;
        for (size_t i = 0; i < strike.size; i++)
            if (!is_digit(strike.data[i]) && strike.data[i] != '.') return false;
        found.strike = strike;
        found.option_type = type;
    } else if (strike.size && strike.data[0] != '(') {
        return false;
    }
    *contract = found;
    return true;
}

/* 24150.00 and 24150 are one strike, so one symbol. */
static tc_text short_decimal(tc_text number)
{
    if (!number.size || !memchr(number.data, '.', number.size)) return number;
    while (number.data[number.size - 1] == '0') number.size--;
    if (number.data[number.size - 1] == '.') number.size--;
    return number;
}

tc_text tc_contract_symbol(tc_scratch *scratch, tc_text underlying, tc_text expiry, tc_text strike,
                           tc_text option_type)
{
    char text[65];
    tc_text parts[] = {underlying, expiry, short_decimal(strike), option_type};
    if (!option_type.size) {
        parts[2] = (tc_text){"FUT", 3};
        parts[3] = (tc_text){NULL, 0};
    }
    size_t size = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (size + parts[i].size + 1 > sizeof text) return (tc_text){NULL, 0};
        if (!parts[i].size) continue;
        if (size) text[size++] = ' ';
        memcpy(text + size, parts[i].data, parts[i].size);
        size += parts[i].size;
    }
    return tc_symbol_clean(scratch, (tc_text){text, size});
}

tc_text tc_symbol_clean(tc_scratch *scratch, tc_text name)
{
    char text[64];
    size_t size = 0;
    name = tc_trim(name);
    for (size_t i = 0; i < name.size && size < sizeof text; i++) {
        char c = name.data[i];
        if (c >= 'a' && c <= 'z') c = (char)(c - 32);
        bool allowed = (c >= 'A' && c <= 'Z') || is_digit(c) || (c && strchr("&._ :-", c));
        if (!allowed) c = ' ';
        if (c == ' ' && (!size || text[size - 1] == ' ')) continue;
        text[size++] = c;
    }
    while (size && text[size - 1] == ' ') size--;
    return tc_scratch_copy(scratch, text, size);
}

static bool is_one_of(tc_text word, const char *const *list)
{
    for (; *list; list++)
        if (tc_text_same(word, *list)) return true;
    return false;
}

static bool says_derivative(const tc_request *request)
{
    static const char *const segments[] = {"equity-derivative", "fo", "fno", "f&o", "derivatives", "futures",
                                           "options", "currency", "cds", "cd", "commodity", "com", "comm", NULL};
    static const char *const exchanges[] = {"NFO", "BFO", "CDS", "BCD", "MCX", "NCO", "NCDEX", "XIMC", "XNCD", NULL};
    static const char *const instruments[] = {"future", "option", "fut", "opt", "futures", "options", "ce", "pe", NULL};
    return is_one_of(request->field[TC_F_SEGMENT], segments) || is_one_of(request->field[TC_F_EXCHANGE], exchanges) ||
           is_one_of(request->field[TC_F_INSTRUMENT], instruments);
}

static void fill(tc_request *request, tc_field field, tc_text text)
{
    if (!request->field[field].size) request->field[field] = text;
}

/* ...9CE, ...9PE or ...FUT: one look at the end spares shares the rest. */
static bool ends_as_derivative(tc_text symbol)
{
    if (symbol.size < 8) return false;
    const char *end = symbol.data + symbol.size;
    return end[-1] == 'E' ? is_digit(end[-3]) : end[-1] == 'T' && end[-2] == 'U';
}

void tc_symbol_fill(tc_request *request, tc_scratch *scratch)
{
    tc_contract contract;
    tc_text symbol = request->field[TC_F_SYMBOL];
    if (!ends_as_derivative(symbol) || !says_derivative(request) || !tc_symbol_parse(&contract, symbol)) return;
    fill(request, TC_F_UNDERLYING, contract.underlying);
    fill(request, TC_F_STRIKE, contract.strike);
    fill(request, TC_F_OPTION_TYPE, contract.option_type);
    fill(request, TC_F_INSTRUMENT, tc_text_of(contract.instrument));
    if (contract.expiry_known && !request->field[TC_F_EXPIRY].size) {
        char text[TC_DATE_TEXT_SIZE];
        tc_date_format(text, contract.expiry);
        request->field[TC_F_EXPIRY] = tc_scratch_copy(scratch, text, TC_DATE_TEXT_SIZE - 1);
    }
}
