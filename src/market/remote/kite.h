/* kite.h - the module tradecost-kite.so: quotes by HTTP, or by the ticker over a WebSocket (kite.trade/docs/connect/v3).
 *
 * The secrets go to Kite and nowhere else: what is said to anybody passes kite_fail(), which takes them out. */
#ifndef TC_MARKET_REMOTE_KITE_H
#define TC_MARKET_REMOTE_KITE_H

#include <stdbool.h>

#include "market/provider.h"

enum { KITE_SECRET_SIZE = 130, KITE_URL_SIZE = 300, KITE_NAME_SIZE = 80, KITE_BODY_MAX = 1 << 20 };

typedef struct {
    char api_key[KITE_SECRET_SIZE], access_token[KITE_SECRET_SIZE];
} kite_secrets;

typedef struct {
    char rest[KITE_URL_SIZE], ticker[KITE_URL_SIZE]; /* ticker "": quotes by HTTP */
    kite_secrets secrets;
    double timeout;                                  /* seconds that one question may take in all */
} kite_settings;

/* As tc_fail(), without the secrets. */
tc_status kite_fail(const kite_secrets *secrets, tc_error *error, tc_status status, const char *format, ...) TC_PRINTF(4, 5);

/* Monotonic, in milliseconds. */
int64_t kite_clock(void);

/* EXCHANGE:SYMBOL; TC_BAD_VALUE where either is not given or no name. */
tc_status kite_name(char name[KITE_NAME_SIZE], tc_error *error, const tc_security *which);

/* An answer of /quote for one instrument. TC_MARKET_MISSING: it does not have it. TC_BAD_FORMAT: it is not as documented. */
tc_status kite_read_quote(tc_market *market, tc_error *error, const char *body, size_t size, const char *name);
/* The instrument's token in an answer of /quote/ltp. */
tc_status kite_read_token(uint32_t *token, tc_error *error, const char *body, size_t size, const char *name);
/* What an answer that is an error says: "TokenException: ...", or "". */
void kite_read_error(char *said, size_t room, const char *body, size_t size);
/* A text message of the ticker: false: it is no JSON; `said` is that of an error, else "". */
bool kite_read_message(char *said, size_t room, const char *body, size_t size);

typedef struct kite_rest kite_rest;
tc_status kite_rest_open(kite_rest **rest, tc_error *error, const kite_settings *settings);
void kite_rest_close(kite_rest *rest); /* NULL is a no-op */
/* The body of what `path` ("/quote") answers for `name`, until the next call. At most one call a second, as Kite
 * wants it; tried again, more slowly each time, where Kite is busy. */
tc_status kite_rest_get(kite_rest *rest, const char **body, size_t *size, tc_error *error, const char *path, const char *name);

typedef struct kite_ticker kite_ticker;
tc_status kite_ticker_open(kite_ticker **ticker, tc_error *error, const kite_settings *settings);
void kite_ticker_close(kite_ticker *ticker); /* NULL is a no-op */
/* What was last heard of an instrument: at once if it is fresh, else as soon as it is heard. TC_UNAVAILABLE in time. */
tc_status kite_ticker_read(kite_ticker *ticker, tc_market *market, tc_error *error, uint32_t token);

#endif
