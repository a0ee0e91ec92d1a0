#include "kite.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/array.h"
#include "market/live/live.h"
#include "market/store/sessions.h"
#include "text/values.h"

typedef struct {
    char name[KITE_NAME_SIZE];
    uint32_t token;
} known_token;

typedef struct {
    kite_settings settings;
    kite_rest *rest;
    kite_ticker *ticker;
    TC_ARRAY(known_token) tokens; /* asked for once */
} kite;

/* --- what is said, and what is not --- */

/* Not by memset(), which a compiler may leave out before free(). */
static void wipe(void *memory, size_t size)
{
    for (volatile unsigned char *at = memory; size; size--) *at++ = 0;
}

static void hide(char *text, const char *secret)
{
    size_t size = strlen(secret);
    for (char *at = text; size && (at = strstr(at, secret));) memset(at, '*', size);
}

tc_status kite_fail(const kite_secrets *secrets, tc_error *error, tc_status status, const char *format, ...)
{
    char text[512];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    hide(text, secrets->api_key);
    hide(text, secrets->access_token);
    return tc_fail(error, status, "", "kite: %s", text);
}

int64_t kite_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* --- what `where` and the environment say --- */

static tc_status read_secret(char secret[KITE_SECRET_SIZE], tc_error *error, const char *variable)
{
    const char *value = getenv(variable);
    if (!value || !*value) return tc_fail(error, TC_UNAVAILABLE, variable, "kite: %s is not set", variable);
    size_t size = 0; /* of what may go into a header and a URL */
    while (value[size] && (isalnum((unsigned char)value[size]) || strchr("-_", value[size]))) size++;
    if (value[size] || size >= KITE_SECRET_SIZE) return tc_fail(error, TC_UNAVAILABLE, variable, "kite: %s holds what no key is made of", variable);
    memcpy(secret, value, size + 1);
    return TC_OK;
}

static tc_status set(kite_settings *settings, tc_error *error, tc_text key, tc_text value)
{
    if (tc_text_is(key, "ticker") && value.size < KITE_URL_SIZE) {
        if (value.size) snprintf(settings->ticker, sizeof settings->ticker, "%.*s", (int)value.size, value.data);
        return TC_OK;
    }
    if (tc_text_is(key, "timeout")) {
        tc_status status = tc_real_read(&settings->timeout, error, "timeout", value);
        if (!status && !(settings->timeout >= 0.1 && settings->timeout <= 600))
            status = tc_fail(error, TC_OUT_OF_DOMAIN, "timeout", "kite: timeout: %g is not in [0.1, 600] seconds", settings->timeout);
        return status;
    }
    return tc_fail(error, TC_UNKNOWN_WORD, "where", "kite: \"%.*s\" is none of ticker and timeout", (int)(key.size < 40 ? key.size : 40), key.data);
}

/* [URL][?ticker[=URL]][&timeout=SECONDS] */
static tc_status read_where(kite_settings *settings, tc_error *error, const char *where)
{
    static const char rest[] = "https://api.kite.trade", ticker[] = "wss://ws.kite.trade";
    tc_status status = TC_OK;
    size_t size = strcspn(where, "?");
    settings->timeout = 10;
    if (size >= KITE_URL_SIZE) return tc_fail(error, TC_LIMIT, "where", "kite: a URL of %zu bytes", size);
    snprintf(settings->rest, sizeof settings->rest, "%.*s", (int)(size ? size : strlen(rest)), size ? where : rest);
    for (where += size; *where && !status;) {
        where++; /* ? or & */
        size = strcspn(where, "&");
        size_t name = strcspn(where, "=&");
        tc_text key = {where, name}, value = name < size ? (tc_text){where + name + 1, size - name - 1} : (tc_text){where, 0};
        if (tc_text_is(key, "ticker") && !value.size) value = tc_text_of(ticker);
        status = set(settings, error, key, value);
        where += size;
    }
    return status;
}

/* --- the provider --- */

static void kite_close(void *handle)
{
    kite *k = handle;
    if (!k) return;
    kite_ticker_close(k->ticker);
    kite_rest_close(k->rest);
    tc_array_free(&k->tokens);
    wipe(&k->settings.secrets, sizeof k->settings.secrets);
    free(k);
}

static tc_status kite_open(void **handle, tc_error *error, const char *where)
{
    kite *k = calloc(1, sizeof *k);
    if (!k) return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    kite_settings *settings = &k->settings;
    tc_status status = read_where(settings, error, where ? where : "");
    if (!status) status = read_secret(settings->secrets.api_key, error, "TRADECOST_KITE_API_KEY");
    if (!status) status = read_secret(settings->secrets.access_token, error, "TRADECOST_KITE_ACCESS_TOKEN");
    if (!status) status = kite_rest_open(&k->rest, error, settings);
    if (!status && *settings->ticker) status = kite_ticker_open(&k->ticker, error, settings);
    if (status) kite_close(k);
    else *handle = k;
    return status;
}

static bool is_name(tc_text text)
{
    /* What exchanges name securities with: M&M, BAJAJ-AUTO, "NIFTY 50". */
    for (size_t i = 0; i < text.size; i++)
        if (!isalnum((unsigned char)text.data[i]) && !strchr("&-_. ", text.data[i])) return false;
    return text.size;
}

tc_status kite_name(char name[KITE_NAME_SIZE], tc_error *error, const tc_security *which)
{
    if (!is_name(which->symbol)) return tc_fail(error, TC_BAD_VALUE, "symbol", "kite: that is no symbol");
    if (!is_name(which->exchange)) return tc_fail(error, TC_BAD_VALUE, "exchange", "kite: the exchange must be given: NSE, BSE, NFO, ...");
    int size = snprintf(name, KITE_NAME_SIZE, "%.*s:%.*s", (int)which->exchange.size, which->exchange.data, (int)which->symbol.size, which->symbol.data);
    return size < KITE_NAME_SIZE ? TC_OK : tc_fail(error, TC_LIMIT, "symbol", "kite: a name of %d bytes", size);
}

static tc_status ask_quote(kite *k, tc_market *market, tc_error *error, const char *name)
{
    const char *body;
    size_t size;
    tc_status status = kite_rest_get(k->rest, &body, &size, error, "/quote", name);
    return status ? status : kite_read_quote(market, error, body, size, name);
}

/* Kite numbers its instruments; the number of a name is asked for once. */
static tc_status find_token(kite *k, uint32_t *token, tc_error *error, const char *name)
{
    const char *body;
    size_t size;
    for (uint32_t i = 0; i < k->tokens.count; i++) {
        if (strcmp(k->tokens.data[i].name, name)) continue;
        *token = k->tokens.data[i].token;
        return TC_OK;
    }
    tc_status status = kite_rest_get(k->rest, &body, &size, error, "/quote/ltp", name);
    if (!status) status = kite_read_token(token, error, body, size, name);
    if (status) return status;
    known_token *known = tc_array_push(&k->tokens, sizeof *known);
    if (!known) return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    snprintf(known->name, sizeof known->name, "%s", name);
    known->token = *token;
    return TC_OK;
}

static tc_status kite_market(void *handle, tc_market *market, tc_error *error, const tc_security *which, int64_t at)
{
    kite *k = handle;
    char name[KITE_NAME_SIZE];
    uint32_t token;
    tc_status status = kite_name(name, error, which);
    if (at != TC_NOW) return tc_fail(error, TC_MARKET_MISSING, "at", "kite: it tells the present only; the past is in the store");
    if (status) return status;
    if (k->ticker) status = find_token(k, &token, error, name);
    if (!status) status = k->ticker ? kite_ticker_read(k->ticker, market, error, token) : ask_quote(k, market, error, name);
    if (!status && market->time != INT64_MIN) market->session = tc_session_at(which->exchange, market->time);
    return status;
}

const tc_provider tc_provider_module = {
    .size = sizeof(tc_provider), .version = TC_PROVIDER_VERSION, .name = "kite", .summary = "Zerodha's Kite Connect: quotes, or its ticker",
    .where = "https://api.kite.trade: [URL][?ticker[=wss://ws.kite.trade]][&timeout=10]; with ticker over a WebSocket; not encrypted only to this machine",
    .open = kite_open, .market = kite_market, .close = kite_close, .secrets = "TRADECOST_KITE_API_KEY TRADECOST_KITE_ACCESS_TOKEN"};
