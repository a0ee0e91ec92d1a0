#include <curl/curl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kite.h"
#include "text/buffer.h"

enum { TRIES = 3, GAP_MS = 1000, WAIT_MOST_MS = 10000 };

struct kite_rest {
    const kite_settings *settings;
    CURL *curl;
    struct curl_slist *headers;
    tc_buffer body;
    int64_t last_call;  /* kite_clock(); 0: none yet */
    long retry_after;   /* seconds, as the last answer had it; -1: it had none */
};

/* --- what Kite's server may be --- */

static bool is_this_machine(const char *host)
{
    return !strcmp(host, "localhost") || !strcmp(host, "127.0.0.1") || !strcmp(host, "[::1]");
}

/* Secrets go encrypted, or not beyond this machine. */
static tc_status check_url(tc_error *error, const char *url)
{
    CURLU *parsed = curl_url();
    char *scheme = NULL, *host = NULL, *user = NULL, *password = NULL;
    bool read = parsed && !curl_url_set(parsed, CURLUPART_URL, url, 0) && !curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) &&
                !curl_url_get(parsed, CURLUPART_HOST, &host, 0);
    bool named = read && (!curl_url_get(parsed, CURLUPART_USER, &user, 0) || !curl_url_get(parsed, CURLUPART_PASSWORD, &password, 0));
    bool safe = read && !named && (!strcmp(scheme, "https") || (!strcmp(scheme, "http") && is_this_machine(host)));
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    curl_free(password);
    curl_url_cleanup(parsed);
    if (safe) return TC_OK;
    return tc_fail(error, TC_BAD_VALUE, "where", "kite: the URL must be one of https, with no user in it (or of http on this machine)");
}

/* --- one call --- */

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    kite_rest *rest = context;
    if (rest->body.size + size * count > KITE_BODY_MAX) return 0; /* curl then gives up */
    tc_buffer_put(&rest->body, bytes, size * count);
    return rest->body.failed ? 0 : size * count;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
    static const char name[] = "retry-after:";
    kite_rest *rest = context;
    char value[16] = "", *end;
    if (size * count > sizeof name && !curl_strnequal(bytes, name, sizeof name - 1)) return size * count;
    if (size * count <= sizeof name) return size * count;
    snprintf(value, sizeof value, "%.*s", (int)(size * count - sizeof name + 1), bytes + sizeof name - 1);
    long seconds = strtol(value, &end, 10);
    if (end != value && seconds >= 0) rest->retry_after = seconds;
    return size * count;
}

static bool prepare(kite_rest *rest)
{
    const kite_secrets *secrets = &rest->settings->secrets;
    char header[KITE_SECRET_SIZE * 2 + 40];
    snprintf(header, sizeof header, "Authorization: token %s:%s", secrets->api_key, secrets->access_token);
    struct curl_slist *headers = curl_slist_append(NULL, "X-Kite-Version: 3");
    rest->headers = headers ? curl_slist_append(headers, header) : NULL;
    if (!rest->headers) curl_slist_free_all(headers);
    for (volatile char *at = header; *at; at++) *at = 0;
    CURL *curl = rest->curl;
    return rest->headers && !curl_easy_setopt(curl, CURLOPT_HTTPHEADER, rest->headers) &&
           !curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") && !curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) &&
           !curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) && !curl_easy_setopt(curl, CURLOPT_USERAGENT, "tradecost") &&
           !curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body) && !curl_easy_setopt(curl, CURLOPT_WRITEDATA, rest) &&
           !curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header) && !curl_easy_setopt(curl, CURLOPT_HEADERDATA, rest);
}

tc_status kite_rest_open(kite_rest **opened, tc_error *error, const kite_settings *settings)
{
    tc_status status = curl_global_init(CURL_GLOBAL_DEFAULT) ? tc_fail(error, TC_NO_MEMORY, "", "kite: no memory for HTTP")
                                                             : check_url(error, settings->rest);
    if (status) return status;
    kite_rest *rest = calloc(1, sizeof *rest);
    if (!rest) return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    rest->settings = settings;
    rest->curl = curl_easy_init();
    if (!rest->curl || !prepare(rest)) {
        kite_rest_close(rest);
        return tc_fail(error, TC_NO_MEMORY, "", "kite: no memory for HTTP");
    }
    *opened = rest;
    return TC_OK;
}

void kite_rest_close(kite_rest *rest)
{
    if (!rest) return;
    for (struct curl_slist *header = rest->headers; header; header = header->next)
        for (volatile char *at = header->data; *at; at++) *at = 0;
    curl_slist_free_all(rest->headers);
    curl_easy_cleanup(rest->curl);
    tc_buffer_free(&rest->body);
    free(rest);
    curl_global_cleanup();
}

static void sleep_ms(int64_t ms)
{
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* Kite answers one quote a second; who asks faster is refused, and all other programs of the same key with him. */
static void keep_pace(kite_rest *rest)
{
    int64_t left = rest->last_call ? rest->last_call + GAP_MS - kite_clock() : 0;
    if (left > 0) sleep_ms(left);
    rest->last_call = kite_clock();
}

static CURLcode call(kite_rest *rest, const char *url, int64_t left)
{
    keep_pace(rest);
    rest->body.size = 0;
    rest->retry_after = -1;
    curl_easy_setopt(rest->curl, CURLOPT_URL, url);
    curl_easy_setopt(rest->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)left);
    curl_easy_setopt(rest->curl, CURLOPT_TIMEOUT_MS, (long)left);
    return curl_easy_perform(rest->curl);
}

/* --- what came --- */

static tc_status refused(const kite_rest *rest, tc_error *error, long code)
{
    char said[200];
    const char *meaning = code == 403 ? " (is the access token of today?)" : code == 429 ? " (too many questions)" : "";
    kite_read_error(said, sizeof said, rest->body.data ? rest->body.data : "", rest->body.size);
    return kite_fail(&rest->settings->secrets, error, TC_UNAVAILABLE, "HTTP %ld%s%s%s", code, *said ? ": " : "", said, meaning);
}

static tc_status broken(const kite_rest *rest, tc_error *error, CURLcode code)
{
    if (code == CURLE_WRITE_ERROR && rest->body.size + CURL_MAX_WRITE_SIZE > KITE_BODY_MAX)
        return kite_fail(&rest->settings->secrets, error, TC_LIMIT, "an answer of more than %d bytes", KITE_BODY_MAX);
    return kite_fail(&rest->settings->secrets, error, code == CURLE_OUT_OF_MEMORY ? TC_NO_MEMORY : TC_UNAVAILABLE, "%s", curl_easy_strerror(code));
}

static tc_status judge(const kite_rest *rest, tc_error *error)
{
    const char *type = NULL;
    long code = 0;
    curl_easy_getinfo(rest->curl, CURLINFO_RESPONSE_CODE, &code);
    curl_easy_getinfo(rest->curl, CURLINFO_CONTENT_TYPE, &type);
    if (code != 200) return refused(rest, error, code);
    if (type && curl_strnequal(type, "application/json", 16)) return TC_OK;
    return kite_fail(&rest->settings->secrets, error, TC_UNAVAILABLE, "it answers %.60s, not JSON: is that Kite?", type ? type : "with no type");
}

/* How long to wait before the next try, in milliseconds; -1: another try will not help. */
static int64_t pause_of(const kite_rest *rest, CURLcode failure, unsigned tried)
{
    long code = 0;
    if (!failure) curl_easy_getinfo(rest->curl, CURLINFO_RESPONSE_CODE, &code);
    bool busy = code == 429 || code == 502 || code == 503 || code == 504;
    bool dropped = failure == CURLE_COULDNT_CONNECT || failure == CURLE_GOT_NOTHING || failure == CURLE_RECV_ERROR || failure == CURLE_PARTIAL_FILE;
    if (!busy && !dropped) return -1;
    int64_t pause = rest->retry_after >= 0 ? rest->retry_after * INT64_C(1000) : GAP_MS << (tried - 1);
    return pause <= WAIT_MOST_MS ? pause : -1;
}

tc_status kite_rest_get(kite_rest *rest, const char **body, size_t *size, tc_error *error, const char *path, const char *name)
{
    char url[KITE_URL_SIZE + 4 * KITE_NAME_SIZE];
    char *escaped = curl_easy_escape(rest->curl, name, 0);
    if (!escaped) return tc_fail(error, TC_NO_MEMORY, "", "%s", "");
    snprintf(url, sizeof url, "%s%s?i=%s", rest->settings->rest, path, escaped);
    curl_free(escaped);
    int64_t end = kite_clock() + (int64_t)(rest->settings->timeout * 1000);
    for (unsigned tried = 1;; tried++) {
        int64_t left = end - kite_clock();
        CURLcode failure = call(rest, url, left > 1 ? left : 1);
        tc_status status = failure ? broken(rest, error, failure) : judge(rest, error);
        if (!status) {
            *body = rest->body.data ? rest->body.data : "";
            *size = rest->body.size;
            return TC_OK;
        }
        int64_t pause = tried < TRIES ? pause_of(rest, failure, tried) : -1;
        if (pause < 0 || kite_clock() + pause >= end) return status;
        sleep_ms(pause);
    }
}
