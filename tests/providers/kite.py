"""A counterfeit of Kite: its quotes over HTTP and its ticker over WebSocket, on one port of this machine, each answer as a test wants it.

Kite().quote and .ltp answer GET requests; .tick is called with each WebSocket connection. Written on plain sockets, so that
it can do what no proper server does.
"""
import base64
import hashlib
import json
import socket
import struct
import threading
import time


def reply(status=200, body='{}', kind='application/json', **headers):
    text = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    lines = [f'HTTP/1.1 {status} Whatever', f'Content-Type: {kind}', f'Content-Length: {len(text)}', 'Connection: close']
    lines += [f'{name.replace("_", "-")}: {value}' for name, value in headers.items()]
    return '\r\n'.join(lines).encode() + b'\r\n\r\n' + text


def error(status, kind, message, **headers):
    return reply(status, {'status': 'error', 'error_type': kind, 'message': message, 'data': None}, **headers)


def frame(*packets):
    """The ticker's frame around packets."""
    return struct.pack('>H', len(packets)) + b''.join(struct.pack('>H', len(packet)) + packet for packet in packets)


def full_packet(token=408065, last=157370, bids=((157340, 5),), asks=((157370, 172),), when=1625461887, volume=1192471):
    """A packet of 184 bytes; prices in paise."""
    levels = list(bids) + [(0, 0)] * (5 - len(bids)) + list(asks) + [(0, 0)] * (5 - len(asks))
    return (struct.pack('>16I', token, last, 7, 157037, volume, 256443, 363009, 156915, 157500, 156105, 156780, when, 0, 0, 0, when)
            + b''.join(struct.pack('>IIHH', quantity, price, 1, 0) for price, quantity in levels))


class Ticker:
    """One WebSocket connection as the server sees it."""

    def __init__(self, connection, path):
        self.connection, self.path, self.pongs = connection, path, 0

    def raw(self, opcode, payload, final=True):
        size = len(payload)
        head = bytes([0x80 * final | opcode]) + (bytes([size]) if size < 126 else b'\x7e' + struct.pack('>H', size) if size < 1 << 16
                                                 else b'\x7f' + struct.pack('>Q', size))
        self.connection.sendall(head + payload)

    def binary(self, payload):
        self.raw(2, payload)

    def text(self, message):
        self.raw(1, (message if isinstance(message, str) else json.dumps(message)).encode())

    def read(self, size):
        data = b''
        while len(data) < size:
            part = self.connection.recv(size - len(data))
            if not part:
                raise ConnectionError('closed')
            data += part
        return data

    def message(self):
        """The next text of the client, as JSON; pongs are counted on the way."""
        while True:
            first, second = self.read(2)
            size = second & 0x7F
            size = struct.unpack('>H', self.read(2))[0] if size == 126 else size
            mask, data = self.read(4), self.read(size)
            data = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))
            if first & 0xF == 1:
                return json.loads(data)
            if first & 0xF == 8:
                raise ConnectionError('closed')
            self.pongs += first & 0xF == 10

    def subscribed(self):
        """Waits for subscribe and mode full of the same instruments, which it returns."""
        tokens = []
        while True:
            message = self.message()
            if message['a'] == 'subscribe':
                tokens += message['v']
            if message['a'] == 'mode':
                assert message['v'][0] == 'full' and set(message['v'][1]) <= set(tokens), message
                return message['v'][1]

    def beat(self, seconds, every=0.2):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.binary(b'\0')
            time.sleep(every)


class Kite:
    def __init__(self):
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        self.rest, self.websocket = f'http://127.0.0.1:{self.port}', f'ws://127.0.0.1:{self.port}'
        self.quote = self.ltp = lambda request: error(400, 'InputException', 'the test has no answer')
        self.tick = lambda ticker: None
        self.handshake = None                           # bytes instead of the upgrade
        self.requests, self.times, self.tickers, self.failures = [], [], 0, []
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            with connection:
                connection.settimeout(30)
                text = b''
                while b'\r\n\r\n' not in text:
                    part = connection.recv(4096)
                    if not part:
                        return
                    text += part
                head, *lines = text.decode().split('\r\n')
                headers = dict(line.lower().split(': ', 1) for line in lines if ': ' in line)
                self.exact = dict(line.split(': ', 1) for line in lines if ': ' in line)
                path = head.split()[1]
                self.requests.append(path)
                self.times.append(time.monotonic())
                if headers.get('upgrade') == 'websocket':
                    self.upgrade(connection, path, self.exact)
                else:
                    answer = (self.ltp if path.startswith('/quote/ltp') else self.quote)(path)
                    for piece in answer if isinstance(answer, list) else [answer]:
                        time.sleep(piece) if isinstance(piece, (int, float)) else connection.sendall(piece)
        except (ConnectionError, TimeoutError, OSError):
            pass                                        # the client left: what it says of it is for the test to judge
        except Exception as failure:
            self.failures.append(repr(failure))

    def upgrade(self, connection, path, headers):
        self.tickers += 1
        if self.handshake is not None:
            connection.sendall(self.handshake)
            time.sleep(3 if not self.handshake else 0)
            return
        key = next(value for name, value in headers.items() if name.lower() == 'sec-websocket-key')
        accept = base64.b64encode(hashlib.sha1((key + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').encode()).digest()).decode()
        connection.sendall(f'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n'.encode())
        self.tick(Ticker(connection, path))

    def close(self):
        self.listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
