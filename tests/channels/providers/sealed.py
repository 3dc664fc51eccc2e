"""Events as WeChat sends them: signed, in safe mode encrypted (written apart from the code that reads them)."""

import base64
import hashlib
import os
import struct
from urllib.parse import urlencode

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from wakeup.channels.protocol import Received

TOKEN = "event-token-of-nobody"
AES_KEY = "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt"


def sha1(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def encrypted(content: str, app_id: str, aes_key: str = AES_KEY) -> str:
    key = base64.b64decode(aes_key + "=")
    plain = os.urandom(16) + struct.pack(">I", len(content.encode())) + content.encode() + app_id.encode()
    padding = 32 - len(plain) % 32
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()


def safe(content: str, app_id: str, now: float, token: str = TOKEN) -> Received:
    """A call in safe mode."""
    sealed, at, nonce = encrypted(content, app_id), str(int(now)), "1320562132"
    query = {
        "signature": sha1(token, at, nonce),
        "timestamp": at,
        "nonce": nonce,
        "encrypt_type": "aes",
        "msg_signature": sha1(token, at, nonce, sealed),
    }
    body = f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    return Received("POST", f"https://example.com/in/wechat?{urlencode(query)}", {}, body.encode())


def plain(content: str, now: float, token: str = TOKEN, method: str = "POST", **more: str) -> Received:
    """A call in plain mode, or (GET) one that tries the address."""
    at, nonce = str(int(now)), "1320562132"
    query = {"signature": sha1(token, at, nonce), "timestamp": at, "nonce": nonce, **more}
    return Received(method, f"https://example.com/in/wechat?{urlencode(query)}", {}, content.encode())
