"A hub on this machine: it serves one folder as a repository, and misbehaves when told to."
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

COMMIT = 'c' * 40


class Hub:
    "As a context manager: the server runs inside the block, at `url`."
    def __init__(self, folder: Path, repo: str = 'someone/noise'):
        self.repo, self.files = repo, {p.name: p.read_bytes() for p in sorted(folder.iterdir())}
        self.cuts = []  # for each next GET of weights: bytes after which the connection breaks
        self.stall = None  # bytes of the weights after which nothing more comes, and the connection stays
        self.refusal = None  # (status, X-Error-Code) for everything that is asked
        self.asked = []  # (method, path, Range) of each request

    def __enter__(self):
        self.server = ThreadingHTTPServer(('127.0.0.1', 0), type('Answers', (_Answers,), {'hub': self}))
        self.server.daemon_threads = True
        self.url = f'http://127.0.0.1:{self.server.server_address[1]}'
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exc):
        self.server.shutdown()
        self.server.server_close()


class _Answers(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    hub: Hub

    def log_message(self, *args): pass

    def answer(self, status=200, body=b'', **headers):
        self.send_response(status)
        for name, value in {'Content-Length': len(body), **headers}.items(): self.send_header(name.replace('_', '-'), str(value))
        self.end_headers()
        if self.command != 'HEAD': self.wfile.write(body)

    def do_HEAD(self): self.do_GET()

    def do_GET(self):
        path, hub = urlsplit(self.path).path, self.hub
        hub.asked.append((self.command, path, self.headers.get('Range')))
        if hub.refusal is not None: return self.answer(hub.refusal[0], **{'X-Error-Code': hub.refusal[1], 'X-Error-Message': 'no'})
        if path.startswith(f'/api/models/{hub.repo}/tree/'): return self.json([self.entry(n) for n in hub.files])
        if path.startswith(f'/api/models/{hub.repo}'):
            siblings = [{'rfilename': n, 'size': len(data), 'blobId': self.digest(n)} for n, data in hub.files.items()]
            return self.json({'id': hub.repo, 'sha': COMMIT, 'siblings': siblings})
        name = path.rpartition('/')[2]
        if not path.startswith(f'/{hub.repo}/resolve/') or name not in hub.files: return self.answer(404, **{'X-Error-Code': 'EntryNotFound'})
        self.file(name)

    def json(self, value): self.answer(body=json.dumps(value).encode(), Content_Type='application/json')
    def digest(self, name): return hashlib.sha1(self.hub.files[name]).hexdigest()
    def entry(self, name): return {'type': 'file', 'path': name, 'size': len(self.hub.files[name]), 'oid': self.digest(name)}

    def file(self, name):
        data, begin = self.hub.files[name], 0
        if found := self.headers.get('Range'): begin = int(found.removeprefix('bytes=').split('-')[0])
        self.send_response(206 if begin else 200)
        self.send_header('Content-Length', str(len(data) - begin))
        if begin: self.send_header('Content-Range', f'bytes {begin}-{len(data) - 1}/{len(data)}')
        for key, value in (('ETag', f'"{self.digest(name)}"'), ('X-Repo-Commit', COMMIT), ('Accept-Ranges', 'bytes')): self.send_header(key, value)
        self.end_headers()
        if self.command == 'HEAD': return
        rest, weights = data[begin:], name.endswith('.safetensors')
        if weights and self.hub.stall is not None:
            self.wfile.write(rest[:max(self.hub.stall - begin, 0)])
            self.wfile.flush()
            while self.hub.stall is not None: time.sleep(0.05)
            self.close_connection = True
        elif weights and self.hub.cuts:
            self.wfile.write(rest[:self.hub.cuts.pop(0)])
            self.close_connection = True
        else: self.wfile.write(rest)
