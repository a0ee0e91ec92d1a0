/* The ticker: one connection, opened when it is first needed and again when it is lost, each time after a longer pause.
 * There is no thread: what has arrived is read when somebody asks. */
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kite.h"
#include "core/array.h"
#include "market/live/packet.h"
#include "text/buffer.h"

enum {
    TOKENS_MAX = 3000,          /* of one connection, by Kite's rules */
    TOKENS_A_MESSAGE = 500,
    MESSAGE_MAX = 1 << 20,      /* a frame of 3,000 packets in full is 558,000 bytes */
    SILENCE_MS = 5000,          /* Kite sends a heartbeat each second */
    STALE_MS = 60000,
    CATCH_UP_MS = 50,
    PAUSE_FIRST_MS = 250, PAUSE_MOST_MS = 8000
};

typedef struct {
    uint32_t token;
    int64_t heard;              /* kite_clock(); 0: not on this connection */
    tc_tick tick;
} subscription;

struct kite_ticker {
    const kite_settings *settings;
    struct lws_context *context;
    struct lws *connection;     /* NULL: none */
    bool established, refused;  /* refused: the server answered, and will answer the same again */
    TC_ARRAY(subscription) subscriptions;
    uint32_t asked, moded;      /* so many have been subscribed to, and set to full, on this connection */
    tc_buffer message;          /* what of a message has come */
    bool skipping;              /* the rest of a message that is too long */
    int64_t last_frame, next_try, pause;
    uint64_t parts;             /* of messages, so far */
    unsigned garbage;           /* frames and packets dropped */
    char host[KITE_URL_SIZE], path[KITE_URL_SIZE + 2 * KITE_SECRET_SIZE + 64], said[200];
    int port;
    bool encrypted;
    lws_sorted_usec_list_t alarm;
};

/* --- what came --- */

static subscription *find(kite_ticker *t, uint32_t token)
{
    for (uint32_t i = 0; i < t->subscriptions.count; i++)
        if (t->subscriptions.data[i].token == token) return &t->subscriptions.data[i];
    return NULL;
}

static void take_frame(kite_ticker *t, const uint8_t *bytes, size_t size)
{
    tc_frame frame;
    tc_tick tick;
    bool end = false;
    tc_status status = tc_frame_open(&frame, NULL, bytes, size);
    t->garbage += status != TC_OK;
    while (!status && !end) {
        if (tc_frame_next(&frame, &tick, &end, NULL)) {
            t->garbage++;
            continue;
        }
        subscription *of = end ? NULL : find(t, tick.token);
        /* Before it heeds the mode Kite sends less: that has no book. */
        if (!of || (tick.tradable ? tick.kind != TC_TICK_FULL : tick.kind == TC_TICK_LTP)) continue;
        of->tick = tick;
        of->heard = kite_clock();
    }
}

static void take_text(kite_ticker *t, const char *text, size_t size)
{
    char said[sizeof t->said];
    if (!kite_read_message(said, sizeof said, text, size)) t->garbage++;
    else if (*said) memcpy(t->said, said, sizeof said);
}

static void take_part(kite_ticker *t, struct lws *wsi, const char *bytes, size_t size)
{
    t->last_frame = kite_clock();
    t->parts++;
    if (lws_is_first_fragment(wsi)) t->message.size = 0, t->skipping = false;
    if (t->message.size + size > MESSAGE_MAX) t->skipping = true;
    if (!t->skipping) tc_buffer_put(&t->message, bytes, size);
    if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi)) return;
    if (t->skipping || t->message.failed) t->garbage++;
    else if (lws_frame_is_binary(wsi)) take_frame(t, (const uint8_t *)t->message.data, t->message.size);
    else take_text(t, t->message.data ? t->message.data : "", t->message.size);
}

/* --- what goes --- */

/* {"a":"subscribe","v":[...]} or {"a":"mode","v":["full",[...]]} for the next ones; how many, or -1. */
static int send_tokens(kite_ticker *t, struct lws *wsi, uint32_t from, bool mode)
{
    uint32_t count = t->subscriptions.count - from < TOKENS_A_MESSAGE ? t->subscriptions.count - from : TOKENS_A_MESSAGE;
    char text[LWS_PRE + TOKENS_A_MESSAGE * 11 + 64];
    char *begin = text + LWS_PRE, *at = begin + sprintf(begin, mode ? "{\"a\":\"mode\",\"v\":[\"full\",[" : "{\"a\":\"subscribe\",\"v\":[");
    for (uint32_t i = 0; i < count; i++) at += sprintf(at, "%s%u", i ? "," : "", t->subscriptions.data[from + i].token);
    at += sprintf(at, mode ? "]]}" : "]}");
    int size = (int)(at - begin);
    return lws_write(wsi, (unsigned char *)begin, (size_t)size, LWS_WRITE_TEXT) < size ? -1 : (int)count;
}

/* One message a call: subscriptions first, then their mode. */
static int send_next(kite_ticker *t, struct lws *wsi)
{
    uint32_t *done = t->asked < t->subscriptions.count ? &t->asked : &t->moded;
    if (*done >= t->subscriptions.count) return 0;
    int sent = send_tokens(t, wsi, *done, done == &t->moded);
    if (sent < 0) return -1;
    *done += (uint32_t)sent;
    if (t->moded < t->subscriptions.count) lws_callback_on_writable(wsi);
    return 0;
}

static int add_header(struct lws *wsi, unsigned char **at, unsigned char *end)
{
    static const char version[] = "3";
    return lws_add_http_header_by_name(wsi, (const unsigned char *)"X-Kite-Version:", (const unsigned char *)version, 1, at, end);
}

/* --- the connection --- */

static void lost(kite_ticker *t)
{
    t->connection = NULL;
    t->established = false;
    t->next_try = kite_clock() + t->pause;
    t->pause = t->pause * 2 < PAUSE_MOST_MS ? t->pause * 2 : PAUSE_MOST_MS;
}

/* Why the handshake failed. What the server answers by HTTP, but for being busy, it will answer again. */
static void take_refusal(kite_ticker *t, struct lws *wsi, const char *why, size_t size)
{
    unsigned code = lws_http_client_http_response(wsi);
    t->refused = code >= 400 && code < 500 && code != 429;
    if (code && code != 101) snprintf(t->said, sizeof t->said, "HTTP %u%s", code, code == 403 ? " (is the access token of today?)" : "");
    else snprintf(t->said, sizeof t->said, "%.*s", (int)size, why ? why : "");
    lost(t);
}

static int heard(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t size)
{
    (void)user;
    kite_ticker *t = lws_context_user(lws_get_context(wsi));
    switch (reason) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
        return add_header(wsi, in, *(unsigned char **)in + size);
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        t->established = true;
        t->asked = t->moded = 0;
        for (uint32_t i = 0; i < t->subscriptions.count; i++) t->subscriptions.data[i].heard = 0;
        t->last_frame = kite_clock();
        lws_callback_on_writable(wsi);
        return 0;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return send_next(t, wsi);
    case LWS_CALLBACK_CLIENT_RECEIVE:
        take_part(t, wsi, in, size);
        return 0;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        take_refusal(t, wsi, in, in ? size : 0);
        return 0;
    case LWS_CALLBACK_CLIENT_CLOSED:
        lost(t);
        return 0;
    default:
        return 0;
    }
}

static void connect_now(kite_ticker *t)
{
    struct lws_client_connect_info info = {
        .context = t->context, .address = t->host, .port = t->port, .path = t->path, .host = t->host,
        .ssl_connection = t->encrypted ? LCCSCF_USE_SSL : 0, .local_protocol_name = "kite", .pwsi = &t->connection};
    t->message.size = 0;
    t->skipping = false;
    if (!lws_client_connect_via_info(&info) && t->connection) lost(t);
    if (!t->connection && t->next_try <= kite_clock()) lost(t); /* it failed at once, and nobody was told */
}

/* Opens what is closed when its pause is over, and closes what has fallen silent. */
static void keep_connection(kite_ticker *t)
{
    int64_t now = kite_clock();
    if (t->established && now - t->last_frame > SILENCE_MS) {
        snprintf(t->said, sizeof t->said, "it fell silent");
        lws_set_timeout(t->connection, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
        t->established = false; /* the library closes it when it is served next, and tells */
    }
    if (!t->connection && !t->refused && now >= t->next_try) connect_now(t);
    if (t->established && t->moded < t->subscriptions.count) lws_callback_on_writable(t->connection);
}

static void ring(lws_sorted_usec_list_t *alarm)
{
    (void)alarm; /* that it rang is enough: the wait is over */
}

/* Waits for something to happen, for at most so long. */
static void wait(kite_ticker *t, int64_t ms)
{
    lws_sul_schedule(t->context, 0, &t->alarm, ring, ms * 1000);
    lws_service(t->context, 0);
    lws_sul_cancel(&t->alarm);
}

/* --- opening --- */

/* ws[s]://HOST[:PORT][/PATH], encrypted or on this machine. */
static bool read_url(kite_ticker *t, const char *url)
{
    t->encrypted = !strncmp(url, "wss://", 6);
    if (!t->encrypted && strncmp(url, "ws://", 5)) return false;
    url += t->encrypted ? 6 : 5;
    size_t size = strcspn(url, ":/?#@");
    char *end = NULL;
    long port = url[size] == ':' ? strtol(url + size + 1, &end, 10) : t->encrypted ? 443 : 80;
    const char *path = end ? end : url + size;
    snprintf(t->host, sizeof t->host, "%.*s", (int)size, url);
    t->port = (int)port;
    bool here = !strcmp(t->host, "localhost") || !strcmp(t->host, "127.0.0.1");
    const kite_secrets *secrets = &t->settings->secrets;
    snprintf(t->path, sizeof t->path, "%s?api_key=%s&access_token=%s", *path ? path : "/", secrets->api_key, secrets->access_token);
    return size && port > 0 && port < 65536 && (!*path || *path == '/') && !strpbrk(path, "?#@ ") && (t->encrypted || here);
}

tc_status kite_ticker_open(kite_ticker **opened, tc_error *error, const kite_settings *settings)
{
    static const struct lws_protocols protocols[] = {{.name = "kite", .callback = heard, .rx_buffer_size = 4096}, {.name = NULL}};
    kite_ticker *t = calloc(1, sizeof *t);
    if (!t) return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    t->settings = settings;
    t->pause = PAUSE_FIRST_MS;
    if (!read_url(t, settings->ticker)) {
        kite_ticker_close(t);
        return tc_fail(error, TC_BAD_VALUE, "where", "kite: the ticker must be wss://HOST (or ws:// on this machine)");
    }
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN, .protocols = protocols, .user = t, .gid = -1, .uid = -1,
        .options = t->encrypted ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0, .timeout_secs = 5, .connect_timeout_secs = 5};
    lws_set_log_level(0, NULL); /* it would print URLs, which hold the secrets */
    t->context = lws_create_context(&info);
    if (!t->context) {
        kite_ticker_close(t);
        return tc_fail(error, TC_NO_MEMORY, "", "kite: no memory for the ticker");
    }
    *opened = t;
    return TC_OK;
}

void kite_ticker_close(kite_ticker *t)
{
    if (!t) return;
    if (t->context) lws_context_destroy(t->context);
    for (volatile char *at = t->path; *at; at++) *at = 0;
    tc_array_free(&t->subscriptions);
    tc_buffer_free(&t->message);
    free(t);
}

/* --- reading --- */

static tc_status subscribe(kite_ticker *t, tc_error *error, uint32_t token)
{
    if (find(t, token)) return TC_OK;
    if (t->subscriptions.count == TOKENS_MAX) return tc_fail(error, TC_LIMIT, "", "kite: the ticker has %d instruments at most", TOKENS_MAX);
    subscription *added = tc_array_push(&t->subscriptions, sizeof *added);
    if (!added) return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    added->token = token;
    return TC_OK;
}

/* What has arrived in the meantime; not more than would be read in a moment, however fast it comes. */
static void catch_up(kite_ticker *t)
{
    int64_t end = kite_clock() + CATCH_UP_MS;
    unsigned quiet = 0;
    while (t->connection && quiet < 2 && kite_clock() < end) {
        uint64_t before = t->parts;
        wait(t, 1);
        quiet = t->parts == before ? quiet + 1 : 0;
    }
}

static tc_status silent(const kite_ticker *t, tc_error *error)
{
    char dropped[64] = "";
    if (t->garbage) snprintf(dropped, sizeof dropped, "; %u frames that made no sense", t->garbage);
    if (t->refused) return kite_fail(&t->settings->secrets, error, TC_UNAVAILABLE, "the ticker refuses: %s", t->said);
    return kite_fail(&t->settings->secrets, error, TC_UNAVAILABLE, "no tick in %g s%s%s%s", t->settings->timeout, *t->said ? "; the ticker: " : "",
                     t->said, dropped);
}

/* Fresh is what was heard on the connection that lives: a new one begins with all that was subscribed to. */
static bool is_fresh(const kite_ticker *t, const subscription *of)
{
    return of->heard && t->established && kite_clock() - t->last_frame <= SILENCE_MS;
}

tc_status kite_ticker_read(kite_ticker *t, tc_market *market, tc_error *error, uint32_t token)
{
    enum { LOOK_AGAIN_MS = 100 };
    tc_status status = subscribe(t, error, token);
    if (status) return status;
    if (t->established) catch_up(t);
    int64_t end = kite_clock() + (int64_t)(t->settings->timeout * 1000);
    t->refused = false;
    keep_connection(t);
    while (!is_fresh(t, find(t, token)) && !t->refused && kite_clock() < end) {
        int64_t left = end - kite_clock();
        wait(t, left < LOOK_AGAIN_MS ? left : LOOK_AGAIN_MS);
        keep_connection(t);
    }
    const subscription *of = find(t, token);
    if (!is_fresh(t, of)) return silent(t, error);
    t->pause = PAUSE_FIRST_MS;
    *t->said = '\0';
    tc_tick_market(market, &of->tick);
    if (kite_clock() - of->heard > STALE_MS) market->flags |= TC_MF_STALE;
    snprintf(market->source, sizeof market->source, "kite ticker");
    return TC_OK;
}
