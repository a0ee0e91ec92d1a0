/* Conditions in Redis, one hash for each instrument: the module tradecost-redis.so. */
#include <ctype.h>
#include <hiredis/hiredis.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "market/live/live.h"
#include "market/store/sessions.h"
#include "text/buffer.h"
#include "text/values.h"

enum { HOST_SIZE = 256, PATTERN_SIZE = 200, TIMEOUT_SECONDS = 5, FIELDS = TC_M_COUNT + 1, ANSWER_MAX = 1 << 16 };

typedef struct {
    char host[HOST_SIZE], pattern[PATTERN_SIZE];
    int port;
    long database;
    redisContext *connection;
} redis;

/* --- redis://HOST[:PORT][/DATABASE][?key=PATTERN] --- */

static bool read_number(long *number, const char **at, long most)
{
    char *end;
    if (!isdigit((unsigned char)**at)) return false;
    *number = strtol(*at, &end, 10);
    *at = end;
    return *number <= most;
}

static bool read_where(redis *r, const char *where)
{
    long port = 6379;
    snprintf(r->pattern, sizeof r->pattern, "market:{exchange}:{symbol}");
    snprintf(r->host, sizeof r->host, "127.0.0.1");
    if (!*where) return true;
    if (strncmp(where, "redis://", 8)) return false;
    where += 8;
    size_t size = strcspn(where, ":/?@");
    if (size >= HOST_SIZE) return false;
    if (size) snprintf(r->host, sizeof r->host, "%.*s", (int)size, where);
    where += size;
    if (*where == ':' && (where++, !read_number(&port, &where, 65535))) return false;
    if (*where == '/' && (where++, *where && *where != '?' && !read_number(&r->database, &where, 1000000))) return false;
    r->port = (int)port;
    if (!strncmp(where, "?key=", 5)) {
        if (snprintf(r->pattern, sizeof r->pattern, "%s", where + 5) >= PATTERN_SIZE || !where[5]) return false;
        where += strlen(where);
    }
    return !*where;
}

/* --- the connection --- */

/* What the other side or the library says; a connection that broke is not used again. */
static tc_status failed(redis *r, tc_error *error, redisReply *reply)
{
    char why[160];
    const char *said = reply ? reply->str : r->connection && *r->connection->errstr ? r->connection->errstr : "no memory";
    snprintf(why, sizeof why, "%.150s", said);
    for (char *at = why; *at; at++)
        if (!isprint((unsigned char)*at)) *at = ' ';
    freeReplyObject(reply);
    if (r->connection && r->connection->err) {
        redisFree(r->connection);
        r->connection = NULL;
    }
    return tc_fail(error, TC_UNAVAILABLE, "", "redis at %s:%d: %s", r->host, r->port, why);
}

/* The answer, read piece by piece, so that one that is too long is not read to its end. NULL: see the connection's error. */
static redisReply *read_answer(redisContext *connection)
{
    void *reply = NULL;
    for (int written = 0; !written;)
        if (redisBufferWrite(connection, &written) != REDIS_OK) return NULL;
    while (redisGetReplyFromReader(connection, &reply) == REDIS_OK && !reply) {
        if (connection->reader->len > ANSWER_MAX) {
            connection->err = REDIS_ERR_OTHER;
            snprintf(connection->errstr, sizeof connection->errstr, "an answer of more than %d bytes", ANSWER_MAX);
        }
        if (connection->err || redisBufferRead(connection) != REDIS_OK) return NULL;
    }
    return reply;
}

/* NULL: said why. The arguments stay apart from one another, so that nothing in them is taken for a command. */
static redisReply *ask(redis *r, tc_error *error, int count, const char **words, const size_t *sizes)
{
    bool sent = redisAppendCommandArgv(r->connection, count, words, sizes) == REDIS_OK;
    redisReply *reply = sent ? read_answer(r->connection) : NULL;
    if (reply && reply->type != REDIS_REPLY_ERROR) return reply;
    failed(r, error, reply);
    return NULL;
}

static tc_status say(redis *r, tc_error *error, const char *command, const char *argument)
{
    const char *words[] = {command, argument};
    redisReply *reply = ask(r, error, 2, words, NULL);
    freeReplyObject(reply);
    return reply ? TC_OK : TC_UNAVAILABLE;
}

static tc_status connect_server(redis *r, tc_error *error)
{
    const struct timeval patience = {TIMEOUT_SECONDS, 0};
    const char *password = getenv("TRADECOST_REDIS_PASSWORD");
    char database[16];
    r->connection = redisConnectWithTimeout(r->host, r->port, patience);
    if (!r->connection || r->connection->err) return failed(r, error, NULL);
    redisSetTimeout(r->connection, patience);
    snprintf(database, sizeof database, "%ld", r->database);
    tc_status status = password && *password ? say(r, error, "AUTH", password) : TC_OK;
    return status ? status : say(r, error, "SELECT", database); /* also of 0: that a password is wanted is said here */
}

static void redis_close(void *handle)
{
    redis *r = handle;
    if (r && r->connection) redisFree(r->connection);
    free(r);
}

static tc_status redis_open(void **handle, tc_error *error, const char *where)
{
    redis *r = calloc(1, sizeof *r);
    if (!r) return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    r->port = 6379;
    tc_status status = read_where(r, where ? where : "") ? connect_server(r, error)
                                                         : tc_fail(error, TC_BAD_VALUE, "where", "redis: that is not as redis://HOST:PORT/DATABASE?key=PATTERN");
    if (status) redis_close(r);
    else *handle = r;
    return status;
}

/* --- a hash --- */

/* The pattern, with {exchange} and {symbol} in place. */
static void make_key(tc_buffer *key, const char *pattern, const tc_security *which)
{
    const struct {
        const char *word;
        tc_text text;
    } parts[] = {{"{exchange}", which->exchange}, {"{symbol}", which->symbol}, {"{series}", which->series}, {"{isin}", which->isin}};
    while (*pattern) {
        size_t i = 0, count = sizeof parts / sizeof *parts;
        while (i < count && strncmp(pattern, parts[i].word, strlen(parts[i].word))) i++;
        if (i < count) tc_buffer_put(key, parts[i].text.data, parts[i].text.size);
        else tc_buffer_put_byte(key, *pattern);
        pattern += i < count ? strlen(parts[i].word) : 1;
    }
}

static tc_status read_reply(tc_market *market, tc_error *error, const redisReply *reply)
{
    tc_status status = TC_OK;
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != FIELDS)
        return tc_fail(error, TC_BAD_FORMAT, "", "redis: an answer that is none to HMGET");
    for (size_t i = 0; i < FIELDS && !status; i++) {
        const redisReply *one = reply->element[i];
        if (one->type == REDIS_REPLY_NIL) continue; /* unknown */
        tc_text text = {one->str, one->str ? (size_t)one->len : 0};
        if (i < TC_M_COUNT) status = tc_real_read(&market->value[i], error, tc_market_name((tc_market_field)i), text);
        else status = tc_instant_read(&market->time, error, "time", text);
    }
    return status;
}

static bool anything_in(const redisReply *reply)
{
    for (size_t i = 0; reply->type == REDIS_REPLY_ARRAY && i < reply->elements; i++)
        if (reply->element[i]->type != REDIS_REPLY_NIL) return true;
    return false;
}

static tc_status ask_fields(redis *r, redisReply **reply, tc_error *error, const tc_security *which)
{
    const char *words[FIELDS + 2] = {"HMGET"};
    size_t sizes[FIELDS + 2] = {5};
    tc_buffer key = {0};
    make_key(&key, r->pattern, which);
    words[1] = key.data ? key.data : "", sizes[1] = key.size;
    for (size_t i = 0; i < FIELDS; i++) {
        words[i + 2] = i < TC_M_COUNT ? tc_market_name((tc_market_field)i) : "time";
        sizes[i + 2] = strlen(words[i + 2]);
    }
    *reply = key.failed ? NULL : ask(r, error, FIELDS + 2, words, sizes);
    tc_status status = *reply ? TC_OK : key.failed ? tc_fail(error, TC_NO_MEMORY, "", "%s", "") : TC_UNAVAILABLE;
    tc_buffer_free(&key);
    return status;
}

static tc_status redis_market(void *handle, tc_market *market, tc_error *error, const tc_security *which, int64_t at)
{
    redis *r = handle;
    redisReply *reply;
    tc_market read;
    if (at != TC_NOW) return tc_fail(error, TC_MARKET_MISSING, "at", "redis: it tells the present only; the past is in the store");
    if (!which->symbol.size) return tc_fail(error, TC_MARKET_MISSING, "symbol", "redis: no symbol");
    tc_status status = r->connection ? TC_OK : connect_server(r, error); /* it was lost, and that was said */
    if (!status) status = ask_fields(r, &reply, error, which);
    if (status) return status;
    tc_market_clear(&read);
    status = anything_in(reply) ? read_reply(&read, error, reply)
                                : tc_fail(error, TC_MARKET_MISSING, "symbol", "redis has no such hash, or none of its fields is of a market");
    freeReplyObject(reply);
    if (status) return status;
    if (read.time != INT64_MIN) read.session = tc_session_at(which->exchange, read.time);
    snprintf(read.source, sizeof read.source, "redis");
    *market = read;
    return TC_OK;
}

const tc_provider tc_provider_module = {
    .size = sizeof(tc_provider), .version = TC_PROVIDER_VERSION, .name = "redis", .summary = "hashes in Redis",
    .where = "redis://127.0.0.1:6379/0?key=market:{exchange}:{symbol}: a hash for each instrument, its fields those of a market and time",
    .open = redis_open, .market = redis_market, .close = redis_close, .secrets = "TRADECOST_REDIS_PASSWORD"};
