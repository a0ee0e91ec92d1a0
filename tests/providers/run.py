#!/usr/bin/env python3
"""run.py CHECKED FAST: providers of market data against servers that the tests start: Redis, PostgreSQL and a counterfeit Kite.

CHECKED is the build with sanitizers, FAST the one without, for memory. Every step has an end; secrets must appear nowhere.
Recorded answers are read from ../shared where it is; what needs them is passed over otherwise.
"""
import glob
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time

import servers
from kite import Kite, error, frame, full_packet, reply

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHARED = f'{os.path.dirname(ROOT)}/shared/data/interop'
KEY, TOKEN, PASSWORD = secrets.token_hex(8), secrets.token_hex(16), secrets.token_hex(12)
PATIENCE = 60                                           # seconds that one command may take
LTP = {'status': 'success', 'data': {'NSE:INFY': {'instrument_token': 408065, 'last_price': 1573.7}}}
QUOTE = {'status': 'success', 'data': {'NSE:INFY': {
    'instrument_token': 408065, 'timestamp': '2021-07-05 10:41:27', 'last_price': 1573.7, 'volume': 1192471, 'average_price': 1570.37,
    'lower_circuit_limit': 1411.05, 'upper_circuit_limit': 1724.55, 'ohlc': {'open': 1569.15, 'high': 1575, 'low': 1561.05, 'close': 1567.8},
    'depth': {'buy': [{'price': 1573.4, 'quantity': 5, 'orders': 1}, {'price': 1573, 'quantity': 140, 'orders': 2}],
              'sell': [{'price': 1573.7, 'quantity': 172, 'orders': 3}]}}}}


class Failure(Exception):
    pass


def check(condition, *what):
    if not condition:
        raise Failure(' '.join(map(str, what)))


class Bench:
    """The programs under test, and what they have ever said."""

    def __init__(self, checked, fast):
        self.checked, self.fast = os.path.abspath(checked), os.path.abspath(fast)
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(('TRADECOST_', 'http', 'HTTP', 'all_proxy'))}
        self.environment |= {'TRADECOST_KITE_API_KEY': KEY, 'TRADECOST_KITE_ACCESS_TOKEN': TOKEN, 'LC_ALL': 'C.UTF-8', 'no_proxy': '*'}

    def silent_of_secrets(self, *said):
        for text in said:
            check(not any(secret in text for secret in (KEY, TOKEN, PASSWORD)), 'a secret was said:', text)

    def run(self, *words, **environment):
        """(exit status, output, complaints, seconds)"""
        start = time.monotonic()
        done = subprocess.run([f'{self.checked}/tradecost', *words], env={**self.environment, **environment}, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=PATIENCE)
        self.silent_of_secrets(done.stdout, done.stderr)
        check('Sanitizer' not in done.stderr, done.stderr)
        return done.returncode, done.stdout, done.stderr, time.monotonic() - start

    def show(self, provider, *words, **environment):
        return self.run('market', 'show', 'INFY', '--exchange', 'NSE', '--provider', provider, '--format', 'json', *words, **environment)

    def fields(self, provider, *words, **environment):
        status, output, complaints, _ = self.show(provider, *words, **environment)
        check(status == 0, provider, status, complaints)
        return {row['field']: number(row['value']) for row in json.loads(output)}

    def fails(self, provider, status, *texts, within=PATIENCE, **environment):
        ended, output, complaints, seconds = self.show(provider, **environment)
        check(ended == status and not output.strip('[]\n '), provider, 'ended with', ended, output, complaints)
        check(all(text in complaints for text in texts), provider, 'says', complaints, 'not', texts)
        check(seconds < within, provider, 'took', seconds)


def number(text):
    try:
        return float(text) if isinstance(text, str) else text
    except ValueError:
        return text


class Asker:
    """A provider opened once, asked again and again."""

    def __init__(self, bench, provider, build=None, **environment):
        self.bench = bench
        self.process = subprocess.Popen([f'{build or bench.checked}/ask', provider], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, env={**bench.environment, **environment})
        self.opened = self.line()

    def line(self):
        text = self.process.stdout.readline()
        self.bench.silent_of_secrets(text)
        return text.strip()

    def ask(self, symbol='INFY', exchange='NSE'):
        self.process.stdin.write(f'{exchange} {symbol}\n')
        self.process.stdin.flush()
        return self.line()

    def memory(self):
        """The most that was ever resident, in kilobytes."""
        return int(open(f'/proc/{self.process.pid}/status').read().split('VmHWM:')[1].split()[0])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        complaints = self.process.stderr.read()
        ended = self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.process.stderr.close()
        self.bench.silent_of_secrets(complaints)
        check(ended in (0, 1) and not complaints, 'ask ended with', ended, complaints)


# --- modules ---

MODULE = """
#include <stddef.h>
#include "market/provider.h"
static tc_status open_it(void **handle, tc_error *error, const char *where) { (void)error, (void)where; *handle = NULL; return TC_OK; }
static tc_status ask_it(void *handle, tc_market *market, tc_error *error, const tc_security *which, int64_t at)
{ (void)handle, (void)market, (void)which, (void)at; if (error) error->message[0] = '!', error->message[1] = 0; return TC_LOCKED; }
static void close_it(void *handle) { (void)handle; }
extern const tc_provider tc_provider_module;
const tc_provider tc_provider_module = {SIZE, VERSION, "made", "made by a test", "", open_it, ask_it, close_it, ""};
"""


def modules(bench):
    """Found beside the program, else in the tree that it is installed in; another version, or less of one, is refused."""
    options = json.loads(subprocess.run(['meson', 'introspect', '--buildoptions', bench.fast], capture_output=True, text=True, check=True).stdout)
    below = f'{next(option["value"] for option in options if option["name"] == "libdir")}/tradecost'
    for folder in ('bin', below):
        with servers.folder('tradecost-modules.') as path:
            for name in {'bin', folder}:
                os.makedirs(f'{path}/{name}')
            shutil.copy(f'{bench.fast}/ask', f'{path}/bin/ask')

            def make(name, size='sizeof(tc_provider)', version='TC_PROVIDER_VERSION'):
                subprocess.run(['cc', '-shared', '-fPIC', f'-DSIZE={size}', f'-DVERSION={version}', f'-I{ROOT}/include', f'-I{ROOT}/src', '-x', 'c', '-', '-o',
                                f'{path}/{folder}/tradecost-{name}.so'], input=MODULE, text=True, check=True)

            def ask(name):
                done = subprocess.run([f'{path}/bin/ask', name], input='NSE A\n', capture_output=True, text=True, timeout=PATIENCE, env=bench.environment)
                return done.stdout
            make('made'), make('later', version='TC_PROVIDER_VERSION + 1'), make('less', size='sizeof(tc_provider) - 8'), make('more', size='sizeof(tc_provider) + 8')
            with open(f'{path}/{folder}/tradecost-text.so', 'w') as file:
                file.write('this is no library')
            check(ask('made').splitlines()[1:] == ['locked: !'] == ask('more').splitlines()[1:], 'what is there is used', ask('made'), ask('more'))
            check('is of version 3, not 2' in ask('later'), ask('later'))
            check('provider unavailable' in ask('less'), ask('less'))
            check('provider unavailable' in ask('text'), ask('text'))
            check('unknown word' in ask('nobody') and 'unknown word' in ask('../made'), ask('nobody'))
            here = subprocess.run([f'{path}/bin/ask', 'away'], cwd=path, capture_output=True, text=True, env={**bench.environment, 'LD_LIBRARY_PATH': f'{path}/else'})
            check('unknown word' in here.stdout, here.stdout)


# --- Kite's quotes ---

def kite_quote(bench):
    with Kite() as kite:
        kite.quote = lambda path: reply(body=QUOTE)
        got = bench.fields(f'kite={kite.rest}')
        expected = {'bid': 1573.4, 'ask': 1573.7, 'bid_quantity': 5, 'ask_quantity': 172, 'last': 1573.7, 'open': 1569.15, 'high': 1575,
                    'low': 1561.05, 'previous_close': 1567.8, 'volume': 1192471, 'lower_circuit': 1411.05, 'upper_circuit': 1724.55,
                    'time': '2021-07-05T10:41:27', 'session': 'continuous', 'bids': '1573.4x5,1573x140', 'asks': '1573.7x172', 'source': 'kite quote'}
        check(all(got[name] == value for name, value in expected.items()), got)
        check(not got['adv'] and not got['volatility'] and not got['tick'], 'what Kite does not say is unknown', got)
        check(kite.requests == ['/quote?i=NSE%3AINFY'], kite.requests)
        check(kite.exact['X-Kite-Version'] == '3' and kite.exact['Authorization'] == f'token {KEY}:{TOKEN}', 'headers')


def kite_recorded_quote(bench):
    path = f'{SHARED}/kite-mocks/quote.json'
    if not os.path.exists(path):
        return 'no ../shared/data/interop/kite-mocks'
    with Kite() as kite:
        kite.quote = lambda request: reply(body=open(path).read())
        got = bench.fields(f'kite={kite.rest}')
        quote = json.load(open(path))['data']['NSE:INFY']
        check(not got['bid'] and not got['bids'], 'the side without buyers is unknown', got)
        check(got['ask'] == quote['depth']['sell'][0]['price'] and got['asks'] == '1412.95x5191', got)
        check([got[name] for name in ('last', 'volume', 'open', 'high', 'low', 'previous_close', 'lower_circuit', 'upper_circuit')]
              == [quote['last_price'], quote['volume'], *(quote['ohlc'][name] for name in ('open', 'high', 'low', 'close')),
                  quote['lower_circuit_limit'], quote['upper_circuit_limit']], got)
        check(got['time'] == quote['timestamp'].replace(' ', 'T'), got)


def kite_refusals(bench):
    """What Kite says is passed on, and asked for once only; a secret that it repeats is not."""
    cases = ((403, 'TokenException', 'Incorrect `api_key` or `access_token`.', 'access token of today'), (400, 'InputException', 'Invalid `i`', ''),
             (500, 'GeneralException', f'oops {TOKEN} {KEY}', '****'))
    for status, kind, message, also in cases:
        with Kite() as kite:
            kite.quote = lambda path: error(status, kind, message)
            bench.fails(f'kite={kite.rest}', 4, 'provider unavailable', f'HTTP {status}', kind, message.split()[0], also)
            check(len(kite.requests) == 1, status, 'was asked', len(kite.requests), 'times')


def kite_busy(bench):
    """429 and 503 are tried again, never faster than once a second, three times at most."""
    for status in (429, 503):
        with Kite() as kite:
            answers = [error(status, 'NetworkException', 'Too many requests', Retry_After='1'), error(status, 'NetworkException', 'again'), reply(body=QUOTE)]
            kite.quote = lambda path: answers.pop(0)
            check(bench.fields(f'kite={kite.rest}')['last'] == 1573.7, 'no answer in the end')
            check(all(later - before > 0.95 for before, later in zip(kite.times, kite.times[1:])), 'asked too fast', kite.times)
    with Kite() as kite:
        kite.quote = lambda path: error(429, 'NetworkException', 'Too many requests')
        bench.fails(f'kite={kite.rest}', 4, 'HTTP 429', 'Too many requests', within=12)
        check(len(kite.requests) == 3, kite.requests)
    with Kite() as kite:
        kite.quote = lambda path: error(429, 'NetworkException', 'come tomorrow', Retry_After='86400')
        bench.fails(f'kite={kite.rest}', 4, 'HTTP 429', within=3)
        check(len(kite.requests) == 1, kite.requests)


def kite_pace(bench):
    with Kite() as kite:
        kite.quote = lambda path: reply(body=QUOTE)
        with Asker(bench, f'kite={kite.rest}') as asker:
            check(all(asker.ask().startswith('ok ') for _ in range(3)), 'an answer')
        check(all(later - before > 0.95 for before, later in zip(kite.times, kite.times[1:])), 'asked too fast', kite.times)


def altered(path, value):
    """QUOTE as text with one member of the quote changed; None: left out."""
    quote = json.loads(json.dumps(QUOTE))
    *folders, last = path.split('/')
    at = quote['data']['NSE:INFY']
    for name in folders:
        at = at[int(name) if isinstance(at, list) else name]
    if value is None:
        del at[last]
    else:
        at[int(last) if isinstance(at, list) else last] = value
    return json.dumps(quote)


def kite_bad_answers(bench):
    text = json.dumps(QUOTE)
    formats = [text[:-5], '[' * 100000, '', 'null', '{"data": []}', '{"data": {"NSE:INFY": 7}}', '{"data": {}, "data": {}}', text.replace('1573.7', 'NaN'),
               text.replace('1573.7', '1e999'), '\xff\xfe', altered('last_price', 'high'), altered('last_price', -1), altered('ohlc/open', []), altered('depth/buy', {}),
               altered('depth/buy/0/price', '1573'), altered('timestamp', 7), altered('timestamp', 'yesterday'), altered('volume', True)]
    with Kite() as kite:
        for body in formats:
            kite.quote = lambda path: reply(body=body.encode('latin-1'))
            bench.fails(f'kite={kite.rest}', 4, 'bad format')
        kite.quote = lambda path: reply(body={'status': 'success', 'data': {}})
        bench.fails(f'kite={kite.rest}', 1, 'market data missing', 'kite knows no NSE:INFY')
        kite.quote = lambda path: reply(body=altered('depth/buy/0/price', 1574))
        bench.fails(f'kite={kite.rest}', 1, 'bad market data', 'crossed')
        for path in ('ohlc', 'depth', 'volume', 'timestamp', 'last_price'):
            kite.quote = lambda request: reply(body=altered(path, None))
            bench.fields(f'kite={kite.rest}')           # less is known, and that is all
        kite.quote = lambda path: reply(body='<html>', kind='text/html')
        bench.fails(f'kite={kite.rest}', 4, 'text/html')
        kite.quote = lambda path: reply(body='{' + ' ' * 5_000_000 + '}')
        bench.fails(f'kite={kite.rest}', 4, 'limit exceeded')


def kite_bad_connections(bench):
    good = reply(body=QUOTE)
    with Kite() as kite:
        kite.quote = lambda path: [piece for byte in good for piece in (0.2, bytes([byte]))]
        bench.fails(f'kite={kite.rest}?timeout=2', 4, 'provider unavailable', within=5)
        kite.quote = lambda path: [10, good]
        bench.fails(f'kite={kite.rest}?timeout=1', 4, 'provider unavailable', within=4)
        kite.quote = lambda path: good[:-20]            # it hangs up in the middle, each time
        bench.fails(f'kite={kite.rest}', 4, 'provider unavailable', within=12)
        kite.quote = lambda path: b'\x00\xff' * 1000
        bench.fails(f'kite={kite.rest}', 4, 'provider unavailable', within=12)
        answers = [b'', good]
        kite.quote = lambda path: answers.pop(0)        # it hangs up once
        check(bench.fields(f'kite={kite.rest}')['last'] == 1573.7, 'no second try')
        with Kite() as elsewhere:
            kite.quote = lambda path: reply(302, '', Location=elsewhere.rest)
            bench.fails(f'kite={kite.rest}', 4, 'HTTP 302')
            check(not elsewhere.requests, 'the secrets went elsewhere')
    bench.fails(f'kite=http://127.0.0.1:{servers.free_port()}?timeout=4', 4, 'provider unavailable', within=8)


def kite_settings(bench):
    for where in ('http://api.kite.trade', 'ftp://127.0.0.1', 'https://me:pw@api.kite.trade', 'nonsense', 'http://localhost.evil.example',
                  'http://127.0.0.1?ticker=ws://ws.kite.trade', 'http://127.0.0.1?ticker=http://x', 'http://127.0.0.1?ticker=ws://localhost:99999'):
        bench.fails(f'kite={where}', 1, 'bad value')
    bench.fails('kite=?colour=red', 2, 'unknown word')
    bench.fails('kite=?timeout=soon', 2, 'bad number')
    bench.fails('kite=?timeout=-1', 1, 'outside the domain')
    bench.fails('kite', 4, 'TRADECOST_KITE_API_KEY is not set', TRADECOST_KITE_API_KEY='')
    bench.fails('kite', 4, 'TRADECOST_KITE_ACCESS_TOKEN holds what no key is made of', TRADECOST_KITE_ACCESS_TOKEN='a\r\nHost: evil')
    bench.fails('kite', 4, 'holds what no key is made of', TRADECOST_KITE_ACCESS_TOKEN='x' * 200)
    bench.fails('nobody', 2, 'there is no module')
    bench.fails('../kite', 2, 'cannot be the name of a module')
    bench.fails('postgres', 4, 'has no tc_provider_module')
    status, _, complaints, _ = bench.show('kite', '--at', '2024-01-01T10:00', '--mode', 'historical')
    check(status == 1 and 'market data missing' in complaints, status, complaints)


# --- Kite's ticker ---

def with_ticker(tick, timeout=5):
    kite = Kite()
    kite.ltp = lambda path: reply(body=LTP)
    kite.tick = tick
    kite.provider = f'kite={kite.rest}?ticker={kite.websocket}&timeout={timeout}'
    return kite


def ticker_recorded(bench):
    """The recorded packet, field by field as Kite's own clients read it; before it what Kite sends too."""
    path = f'{SHARED}/kite-packets/mocks_ticker_full.bin'
    recorded = os.path.exists(path)
    packet = open(path, 'rb').read() if recorded else full_packet()

    def tick(ticker):
        check(ticker.path == f'/?api_key={KEY}&access_token={TOKEN}', 'path')
        check(ticker.subscribed() == [408065], 'subscribed')
        ticker.binary(b'\0')
        ticker.text({'type': 'message', 'data': 'the market is open'})
        ticker.binary(frame(packet[:44]))               # a quote, without a book: not yet
        time.sleep(0.3)
        ticker.binary(frame(packet, full_packet(token=257, last=100)))
        ticker.beat(3)
    with with_ticker(tick) as kite:
        got = bench.fields(kite.provider)
        check(got['last'] == 1573.7 and got['bid'] == 1573.4 and got['ask'] == 1573.7 and got['time'] == '2021-07-05T10:41:27', got)
        check(got['source'] == 'kite ticker' and got['session'] == 'continuous', got)
        check(kite.exact['X-Kite-Version'] == '3' and not kite.failures, kite.failures)
        if recorded:
            said = json.load(open(f'{SHARED}/kite-mocks/ticker_full.json'))
            sides = [','.join(f'{level["price"]:g}x{level["quantity"]}' for level in said['depth'][side]) for side in ('buy', 'sell')]
            check([got[name] for name in ('bids', 'asks', 'volume', 'open', 'high', 'low', 'previous_close')]
                  == [*sides, said['volume'], *(said['ohlc'][name] for name in ('open', 'high', 'low', 'close'))], got)
    return None if recorded else 'no ../shared/data/interop/kite-packets: a packet of our own instead'


def ticker_frames(bench):
    """Frames in pieces, pings between them, garbage of every kind, and one that is too long: what is good is read."""
    def tick(ticker):
        ticker.subscribed()
        good = frame(full_packet(last=150000))
        ticker.raw(2, good[:7], final=False)
        ticker.raw(9, b'are you there')
        ticker.raw(0, good[7:100], final=False)
        ticker.raw(0, good[100:])
        ticker.beat(0.5)
        for size in (0, 2, 3, 100, 1000):
            ticker.binary(os.urandom(size) if size > 2 else b'\xff' * size)
        ticker.text('{"type": ')
        ticker.text('\u0000' * 50)
        ticker.binary(b'\x00\x01\x00\x08' + b'\0' * (2 << 20))
        ticker.binary(frame(b'', b'1234567', full_packet(last=160000)))
        ticker.beat(4)
        tick.pongs = ticker.pongs
    with with_ticker(tick) as kite, Asker(bench, kite.provider) as asker:
        check('last=1500' in asker.ask(), 'the frame in pieces')
        time.sleep(1.5)
        answers = [asker.ask() for _ in range(3)]
        check('last=1600' in answers[-1], answers)
        check(kite.tickers == 1 and not kite.failures, kite.tickers, kite.failures)


def ticker_drops(bench):
    """The connection is lost between two questions, in the middle of a frame: the next question has the next connection's answer."""
    prices = [150000, 151000, 152000]

    def tick(ticker):
        check(ticker.subscribed() == [408065], 'subscribed again')
        price = prices.pop(0)
        ticker.binary(frame(full_packet(last=price)))
        ticker.beat(0.5)
        ticker.connection.sendall(b'\x82\x7e\x00\xbc' + b'\0' * 50)
    with with_ticker(tick) as kite:
        with Asker(bench, kite.provider) as asker:
            for price in (1500, 1510, 1520):
                answer = asker.ask()
                check(f'last={price}' in answer, answer)
                time.sleep(1)
            kite.handshake = b'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'
            start = time.monotonic()
            answer = asker.ask()
            check(answer.startswith('provider unavailable') and '403' in answer and time.monotonic() - start < 8, answer)
        check(not kite.failures, kite.failures)


def ticker_refuses(bench):
    with with_ticker(lambda ticker: None) as kite:
        kite.handshake = b'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'
        bench.fails(kite.provider, 4, 'the ticker refuses', '403', within=3)
        check(kite.tickers == 1, 'asked', kite.tickers, 'times')
        kite.handshake = b'HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n'
        bench.fails(kite.provider, 4, 'no tick in 5 s', '500', within=9)
        check(1 < kite.tickers < 12, 'asked', kite.tickers, 'times')
        kite.handshake = b''                            # never answers
        bench.fails(kite.provider.replace('timeout=5', 'timeout=2'), 4, 'no tick in 2 s', within=6)
        kite.handshake = b'\x16\x03\x01' * 100
        bench.fails(kite.provider.replace('timeout=5', 'timeout=2'), 4, 'no tick in 2 s', within=6)


def ticker_silent(bench):
    """Nothing but heartbeats: an end in time, with what Kite said; nothing at all for 5 seconds: another connection."""
    def complains(ticker):
        ticker.subscribed()
        ticker.text({'type': 'error', 'data': f'too many connections of {TOKEN}'})
        ticker.beat(8)

    def falls_silent(ticker):
        ticker.subscribed()
        falls_silent.times += 1
        ticker.binary(frame(full_packet(last=150000 + falls_silent.times * 100)))
        time.sleep(12)
    with with_ticker(complains, timeout=3) as kite:
        bench.fails(kite.provider, 4, 'no tick in 3 s', 'too many connections', within=7)
    falls_silent.times = 0
    with with_ticker(falls_silent) as kite, Asker(bench, kite.provider) as asker:
        check('last=1501' in asker.ask(), 'the first answer')
        time.sleep(5.5)
        answer = asker.ask()
        check('last=1502' in answer and kite.tickers == 2, answer, kite.tickers)


def ticker_several(bench):
    """More instruments on the same connection, each subscribed to when it is first asked for."""
    tokens = {'INFY': 408065, 'SBIN': 779521, 'TCS': 2953217}

    def tick(ticker):
        known = []
        while len(known) < 3:
            known += ticker.subscribed()
            ticker.binary(frame(*(full_packet(token=token, last=token) for token in known)))
        ticker.beat(3)
    with with_ticker(tick) as kite:
        kite.ltp = lambda path: reply(body={'data': {path.split('=')[1].replace('%3A', ':'): {'instrument_token': tokens[path.split('%3A')[1]], 'last_price': 1}}})
        with Asker(bench, kite.provider) as asker:
            for name in ('INFY', 'SBIN', 'TCS', 'INFY'):
                answer = asker.ask(name)
                check(f'last={tokens[name] / 100:.10g}' in answer, name, answer)
        check(kite.tickers == 1 and len(kite.requests) == 4 and not kite.failures, kite.requests, kite.failures)


def ticker_memory(bench):
    """300 MB of frames, sense and nonsense: no more memory than for one of them."""
    def tick(ticker):
        ticker.subscribed()
        ticker.binary(frame(full_packet()))
        pile = frame(*(full_packet(token=t) for t in range(3000)))
        while True:
            ticker.binary(pile)
            ticker.binary(os.urandom(1 << 19))
            ticker.binary(b'\0' * (3 << 19))
            tick.sent += len(pile) + (1 << 21)
    tick.sent = 0
    with with_ticker(tick, timeout=30) as kite, Asker(bench, kite.provider, bench.fast) as asker:
        check(asker.ask().startswith('ok '), 'an answer')
        before, end = asker.memory(), time.monotonic() + 30
        while tick.sent < 300_000_000 and time.monotonic() < end:
            check(asker.ask().startswith('ok '), 'an answer')
        check(tick.sent >= 100_000_000, 'only', tick.sent, 'bytes')
        check(asker.memory() - before < 16_000, 'memory grew by', asker.memory() - before, 'kB over', tick.sent, 'bytes')


# --- Redis ---

def redis_hash(bench):
    with servers.redis() as redis:
        redis.command('HSET', 'market:NSE:INFY', 'bid', '1573.4', 'ask', '1573.7', 'adv', '5000000', 'volatility', '1.5e-2', 'tick', '0.05',
                      'time', '2021-07-05T10:41:27', 'colour', 'red')
        got = bench.fields(f'redis={redis.where}')
        check((got['bid'], got['ask'], got['adv'], got['volatility'], got['tick']) == (1573.4, 1573.7, 5e6, 0.015, 0.05), got)
        check(got['time'] == '2021-07-05T10:41:27' and not got['last'] and not got['bids'] and got['source'] == 'redis', got)
        redis.command('-n', '3', 'HSET', 'INFY/NSE', 'last', '7')
        check(bench.fields(f'redis={redis.where}/3?key={{symbol}}/{{exchange}}')['last'] == 7, 'database and key')
        for field, value, code in (('bid', 'high', 'bad number'), ('bid', 'nan', 'bad number'), ('bid', '', 'bad number'), ('bid', '0x10', 'bad number'),
                                   ('bid', '1e999', 'bad number'), ('bid', '1,573', 'bad number'), ('time', '5 July', 'bad date')):
            redis.command('HSET', 'market:NSE:INFY', field, value)
            bench.fails(f'redis={redis.where}', 2, code, field)
            redis.command('HSET', 'market:NSE:INFY', 'bid', '1573.4', 'time', '2021-07-05T10:41:27')
        redis.command('HSET', 'market:NSE:INFY', 'bid', '1600')
        bench.fails(f'redis={redis.where}', 1, 'bad market data', 'crossed')
        redis.command('HSET', 'market:NSE:INFY', 'bid', '7' * 1_000_00)
        bench.fails(f'redis={redis.where}', 4, 'provider unavailable', 'more than')
        redis.command('DEL', 'market:NSE:INFY')
        bench.fails(f'redis={redis.where}', 1, 'market data missing')
        redis.command('SET', 'market:NSE:INFY', 'a string')
        bench.fails(f'redis={redis.where}', 4, 'provider unavailable', 'WRONGTYPE')
    for where in ('http://x', 'redis://h:99999', 'redis://h/x', 'redis://h/0?colour=red', 'redis://user@h', 'redis://h/0?key='):
        bench.fails(f'redis={where}', 1, 'bad value')


def redis_password(bench):
    with servers.redis(PASSWORD) as redis:
        redis.command('HSET', 'market:NSE:INFY', 'last', '7')
        bench.fails(f'redis={redis.where}', 4, 'provider unavailable', 'NOAUTH')
        bench.fails(f'redis={redis.where}', 4, 'provider unavailable', TRADECOST_REDIS_PASSWORD='wrong')
        check(bench.fields(f'redis={redis.where}', TRADECOST_REDIS_PASSWORD=PASSWORD)['last'] == 7, 'with the password')


def redis_gone(bench):
    """The server goes between two questions: said, and found again when it is back."""
    with servers.folder('tradecost-redis.') as path:
        server = servers.Redis(path, servers.free_port())
        try:
            server.command('HSET', 'market:NSE:INFY', 'last', '7')
            with Asker(bench, f'redis={server.where}') as asker:
                check('last=7' in asker.ask(), 'an answer')
                server.stop()
                check(asker.ask().startswith('provider unavailable'), 'gone')
                check(asker.ask().startswith('provider unavailable'), 'still gone')
                server = servers.Redis(path, server.port)
                server.command('HSET', 'market:NSE:INFY', 'last', '8')
                check('last=8' in asker.ask(), 'back')
        finally:
            server.stop()
    bench.fails(f'redis=redis://127.0.0.1:{servers.free_port()}', 4, 'provider unavailable', within=8)


# --- PostgreSQL ---

def postgres_unit_tests(bench):
    """What SQLite is tested for: db.h, and the store where its tests take a URL."""
    with servers.postgres() as server:
        for name in ('db_test', 'store_test'):
            if not os.path.exists(f'{bench.checked}/{name}'):
                continue
            done = subprocess.run([f'{bench.checked}/{name}'], env={**bench.environment, 'TRADECOST_TEST_POSTGRES': server.new_url(name)},
                                  capture_output=True, text=True, timeout=300)
            check(done.returncode == 0 and (name != 'db_test' or 'skipped' not in done.stdout.lower()), name, done.stdout[-2000:], done.stderr[-3000:])


def market_files():
    """The sample that is shipped, and what of each format lies in ../shared."""
    market = f'{os.path.dirname(SHARED)}/market'
    found = sorted(glob.glob(f'{market}/nse_cm/**/*01JUL2004*', recursive=True) + glob.glob(f'{market}/nse_cm/**/*_01072024*', recursive=True)
                   + glob.glob(f'{market}/bse_cm/*.gz') + glob.glob(f'{market}/intraday/nse_5min_yahoo/*202501*') + glob.glob(f'{market}/intraday/nse_1min_2014_2015/FCEL*'))
    return [f'{ROOT}/examples/market.csv', *found]


def postgres_commands(bench):
    """Every command that has --store answers the same, to the byte, from PostgreSQL and from a file."""
    with servers.postgres() as server, servers.folder('tradecost-store.') as path:
        places = [server.new_url('commands'), f'{path}/market.db']

        def same(*words, status=None):
            answers = [bench.run(*words, '--store', place, '--format', 'csv') for place in places]
            theirs, ours = ((ended, output.replace('store postgresql', 'store sqlite'), complaints.replace(place, 'STORE')) for (ended, output, complaints, _), place in zip(answers, places))
            check(theirs == ours, words, theirs, ours)
            check(status is None or ours[0] == status, words, ours)
            return ours[1]
        same('market', 'import', *market_files())
        same('market', 'import', f'{ROOT}/examples/market.csv')         # nothing new
        listed = same('market', 'list', status=0)
        securities = [line.split(',')[:3] for line in listed.splitlines()[1:]]
        check(len(securities) >= 7, listed)
        for at in ((), ('--at', '2024-07-15T11:00'), ('--at', '2025-01-10'), ('--at', '2015-02-02T10:07')):
            for exchange, symbol, series in securities[::max(1, len(securities) // 12)] + [['NSE', 'SBIN', 'EQ'], ['NSE', 'FCEL', 'EQ']]:
                same('market', 'show', symbol, '--exchange', exchange, '--series', series, *at)
        same('market', 'show', 'NOBODY', status=1)
        same('estimate', '--exchange', 'NSE', '--symbol', 'SBIN', '--side', 'buy', '--quantity', '1000', '--product', 'delivery', '--broker', 'zerodha',
             '--at', '2025-01-10T11:00', '--price', '750')
        edge = same('estimate', '--exchange', 'NSE', '--symbol', 'SBIN', '--side', 'buy', '--quantity', '1000', '--product', 'delivery', '--broker', 'zerodha', '--state', 'MH',
                    '--at', '2025-01-10T11:00', '--price', '750', '--impact-model', 'none', '--spread-model', 'quoted-or-edge', status=0)
        check('EDGE of 60 sessions' in edge, edge)


def postgres_writers(bench):
    """Two programs that create the same store at once and write the same files: one waits for the other, and everything is there once."""
    with servers.postgres() as server:
        url = server.new_url('writers')
        words = [f'{bench.checked}/tradecost', 'market', 'import', f'{ROOT}/examples/market.csv', '--store', url, '--format', 'csv']
        both = [subprocess.Popen(words, env=bench.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
        said = [(*process.communicate(timeout=PATIENCE), process.returncode) for process in both]
        check(all(status == 0 for _, _, status in said), said)
        check(sorted(int(output.splitlines()[1].split(',')[5]) for output, _, _ in said)[:3] == [0, 0, 0], said)
        check(server.sql('SELECT count(*) FROM daily', 'writers') == '1631', 'rows', server.sql('SELECT count(*) FROM daily', 'writers'))
        holder = subprocess.Popen([f'{server.binaries}/psql', url, '-Xqc', "BEGIN; SELECT pg_advisory_xact_lock(hashtext('tradecost'), hashtext('writers')); SELECT pg_sleep(20)"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.5)
        status, _, complaints, seconds = bench.run(*words[1:])
        check(status == 4 and 'locked' in complaints and 4 < seconds < 10, status, complaints, seconds)
        servers.stop(holder)


def postgres_gone(bench):
    """The server dies in the middle of an import, again and again: said, and of that file nothing or everything is there."""
    with servers.postgres() as server:
        url, cut = server.new_url('gone'), 0
        bench.run('market', 'import', f'{ROOT}/examples/market.csv', '--store', url)
        with servers.folder('tradecost-import.') as path:
            with open(f'{path}/many.csv', 'w') as file:
                file.write('SYMBOL, SERIES, DATE1, PREV_CLOSE, OPEN_PRICE, HIGH_PRICE, LOW_PRICE, LAST_PRICE, CLOSE_PRICE, AVG_PRICE, TTL_TRD_QNTY, TURNOVER_LACS,'
                           ' NO_OF_TRADES, DELIV_QTY, DELIV_PER\n')
                for n in range(60000):
                    file.write(f'Z{n % 2000}, EQ, {n // 2000 + 1:02d}-Jul-2023, 10.00, 10.00, 11.00, 9.00, 10.50, 10.50, 10.20, 100000, 10.20, 1000, 50000, 50.00\n')
            for delay in (0.05, 0.15, 0.3, 0.6):
                process = subprocess.Popen([f'{bench.fast}/tradecost', 'market', 'import', f'{path}/many.csv', '--store', url], env=bench.environment,
                                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                time.sleep(delay)
                server.stop(signal.SIGQUIT)
                _, complaints = process.communicate(timeout=PATIENCE)
                check(process.returncode == 0 or (process.returncode == 4 and 'the server is gone' in complaints) or 'cannot reach' in complaints, process.returncode, complaints)
                cut += process.returncode == 4
                server.start()
                check(server.sql('SELECT count(*) FROM daily', 'gone') in ('1631', '61631'), 'half a file', server.sql('SELECT count(*) FROM daily', 'gone'))
            check(cut, 'nothing was ever cut off')
            check(bench.run('market', 'import', f'{path}/many.csv', '--store', url)[0] == 0, 'and it goes on')
        server.stop(signal.SIGQUIT)
        status, _, complaints, _ = bench.run('market', 'list', '--store', url)
        check(status == 4 and 'cannot reach the store' in complaints, status, complaints)
        server.start()


TESTS = [modules, kite_quote, kite_recorded_quote, kite_refusals, kite_busy, kite_pace, kite_bad_answers, kite_bad_connections, kite_settings,
         ticker_recorded, ticker_frames, ticker_drops, ticker_refuses, ticker_silent, ticker_several, ticker_memory,
         redis_hash, redis_password, redis_gone, postgres_unit_tests,
         postgres_commands, postgres_writers, postgres_gone]


def main():
    bench = Bench(*sys.argv[1:3])
    passed = failed = 0
    for test in TESTS:
        if sys.argv[3:] and test.__name__ not in sys.argv[3:]:
            continue
        start = time.monotonic()
        try:
            remark = test(bench)
            passed += 1
            if remark:
                print(f'{test.__name__}: {remark}')
        except (Failure, AssertionError, subprocess.TimeoutExpired, RuntimeError) as failure:
            failed += 1
            print(f'{test.__name__} ({time.monotonic() - start:.1f} s): {failure!r}'[:3000], flush=True)
        if os.environ.get('TIMES'):
            print(f'    {test.__name__} {time.monotonic() - start:.1f} s', flush=True)
    print(f'providers: {passed} passed, {failed} failed')
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main())
