"""An identity provider as far as Quarry sees one: a real HTTP server with a JSON Web Key Set, and keys to sign with."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

ISSUER = "https://login.example.com/"


class KeyServer:
    """Keys by id; `asked` counts requests, `answer` may be replaced to play a provider in trouble."""

    def __init__(self, address):
        self.url = f"{address}/.well-known/jwks.json"
        self.asked = 0
        self.private = {
            "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
            "ec": ec.generate_private_key(ec.SECP256R1()),
        }
        self.answer = self.key_set

    def key_set(self):
        rows = []
        for name, key in self.private.items():
            algorithm = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
            row = algorithm.to_jwk(key.public_key(), as_dict=True)
            rows.append({**row, "kid": name, "use": "sig", "alg": "RS256" if algorithm is RSAAlgorithm else "ES256"})
        return 200, {"keys": rows}

    def token(self, key="rsa", *, signed_by=None, algorithm=None, **claims):
        payload = {"sub": "erika", "role": "admin", "aud": "quarry", "iss": ISSUER, "exp": int(time.time()) + 60}
        payload |= claims
        payload = {name: value for name, value in payload.items() if value is not None}
        private = self.private[signed_by or key]
        algorithm = algorithm or ("RS256" if isinstance(private, rsa.RSAPrivateKey) else "ES256")
        return jwt.encode(payload, private, algorithm=algorithm, headers={"kid": key})


@contextmanager
def serving_keys() -> Iterator[KeyServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            keys.asked += 1
            status, body = keys.answer()
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    keys = KeyServer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield keys
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
