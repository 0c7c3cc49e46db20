#!/usr/bin/env python3
"""Replays protocol/vectors with Python's standard library and the openssl command: a second reader of the protocol.

Signatures are checked by openssl; canonical form, trees, age files, notes and every rule are read here, from README.md
and schemas/ alone. Prints one line a vector that differs, and a sum; exit 1 when one differs.
Usage: replay.py [folder with vectors/ and schemas/]
"""
import base64, hashlib, hmac, json, os, re, struct, subprocess, sys, tempfile
from datetime import datetime, timezone

HERE = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), '..'))


class Refused(Exception):
    pass


def need(condition, code):
    if not condition:
        raise Refused(code)


# --- bytes and text

def b64u(text):
    """base64url in its one spelling, or None."""
    if not isinstance(text, str) or not re.fullmatch(r'[A-Za-z0-9_-]*', text):
        return None
    try:
        raw = base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))
    except ValueError:
        return None
    return raw if base64.urlsafe_b64encode(raw).rstrip(b'=').decode() == text else None


def sha(data):
    return hashlib.sha256(data).hexdigest()


def quote(text):
    out = []
    for ch in text:
        code = ord(ch)
        if 0xD800 <= code <= 0xDFFF:
            raise ValueError('half a surrogate pair')
        short = {8: '\\b', 9: '\\t', 10: '\\n', 12: '\\f', 13: '\\r', 34: '\\"', 92: '\\\\'}.get(code)
        out.append(short or ('\\u%04x' % code if code < 32 else ch))
    return '"' + ''.join(out) + '"'


def canonical(value, depth=16):
    """RFC 8785 for integers and text, nested sixteen deep at most, with ASCII keys."""
    if value is None or value is True or value is False:
        return {None: 'null', True: 'true', False: 'false'}[value]
    if isinstance(value, int):
        if abs(value) > 2 ** 53 - 1:
            raise ValueError('integer')
        return str(value)
    if isinstance(value, str):
        return quote(value)
    if depth == 0:
        raise ValueError('too deep')
    if isinstance(value, list):
        return '[' + ','.join(canonical(one, depth - 1) for one in value) + ']'
    if isinstance(value, dict):
        if any(not re.fullmatch(r'[\x20-\x7e]*', key) for key in value):
            raise ValueError('key')
        return '{' + ','.join(quote(k) + ':' + canonical(value[k], depth - 1) for k in sorted(value)) + '}'
    raise ValueError('fraction')


def load(data):
    """Any JSON object, of whatever spelling; None when it is none."""
    try:
        value = json.loads(data.decode('utf-8'))
    except (ValueError, UnicodeDecodeError):
        return None
    return value if isinstance(value, dict) else None


def is_canonical(data, value):
    try:
        return canonical(value).encode('utf-8') == data
    except ValueError:
        return False


# --- JSON Schema, as far as schemas/ uses it

def fits(schema, value):
    if 'anyOf' in schema or 'oneOf' in schema:
        return any(fits(one, value) for one in schema.get('anyOf', schema.get('oneOf')))
    if 'allOf' in schema and not all(fits(one, value) for one in schema['allOf']):
        return False
    if 'const' in schema and (value != schema['const'] or type(value) is not type(schema['const'])):
        return False
    if 'enum' in schema and value not in schema['enum']:
        return False
    kind = schema.get('type')
    if isinstance(kind, list):
        return any(fits({**schema, 'type': one}, value) for one in kind)
    types = {'object': dict, 'array': list, 'string': str, 'null': type(None), 'boolean': bool}
    if kind in types and not isinstance(value, types[kind]):
        return False
    if kind in ('integer', 'number') and (not isinstance(value, int) or isinstance(value, bool)):
        return False
    if isinstance(value, str):
        if not schema.get('minLength', 0) <= len(value) <= schema.get('maxLength', len(value)):
            return False
        if 'pattern' in schema and not re.search(schema['pattern'], value):
            return False
    if isinstance(value, int) and not isinstance(value, bool):
        if not schema.get('minimum', value) <= value <= schema.get('maximum', value):
            return False
    if isinstance(value, list):
        if not schema.get('minItems', 0) <= len(value) <= schema.get('maxItems', len(value)):
            return False
        if 'items' in schema and not all(fits(schema['items'], one) for one in value):
            return False
    if isinstance(value, dict):
        known = schema.get('properties', {})
        if any(name not in value for name in schema.get('required', [])):
            return False
        more = schema.get('additionalProperties', {})
        names = schema.get('propertyNames')
        for name, one in value.items():
            if names and not fits(names, name):
                return False
            if name in known:
                if not fits(known[name], one):
                    return False
            elif more is False or (isinstance(more, dict) and more and not fits(more, one)):
                return False
    return True


def schema(name):
    with open(os.path.join(HERE, 'schemas', name + '.json'), encoding='utf-8') as file:
        return json.load(file)


def instant(text):
    """Milliseconds since 1970 of an Instant; the moment must exist."""
    need(isinstance(text, str) and re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z', text), 'exchange.schema')
    try:
        moment = datetime.strptime(text, '%Y-%m-%dT%H:%M:%S.%fZ').replace(tzinfo=timezone.utc)
    except ValueError:
        raise Refused('exchange.schema')
    return int((moment - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds() * 1000 + 0.5)


# --- signatures, by openssl

ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551


def pem(jwk):
    if jwk['kty'] == 'EC':
        der = bytes.fromhex('3059301306072a8648ce3d020106082a8648ce3d030107034200') + b'\x04' + b64u(jwk['x']) + b64u(jwk['y'])
    else:
        der = bytes.fromhex('302a300506032b6570032100') + b64u(jwk['x'])
    body = base64.b64encode(der).decode()
    return '-----BEGIN PUBLIC KEY-----\n' + '\n'.join(body[i:i + 64] for i in range(0, len(body), 64)) + '\n-----END PUBLIC KEY-----\n'


def integer(raw):
    raw = raw.lstrip(b'\0') or b'\0'
    raw = (b'\0' if raw[0] & 0x80 else b'') + raw
    return b'\x02' + bytes([len(raw)]) + raw


def signed_by(alg, data, signature, jwk):
    if (alg == 'ES256') != (jwk['kty'] == 'EC') or len(signature) != 64:
        return False
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: os.path.join(folder, name) for name in ('key', 'data', 'signature')}
        if alg == 'ES256':
            s = int.from_bytes(signature[32:], 'big')
            if not 0 < s <= ORDER // 2:
                return False
            both = integer(signature[:32]) + integer(signature[32:])
            signature = b'\x30' + bytes([len(both)]) + both
        for name, content in (('key', pem(jwk).encode()), ('data', data), ('signature', signature)):
            with open(paths[name], 'wb') as file:
                file.write(content)
        if alg == 'ES256':
            call = ['openssl', 'dgst', '-sha256', '-verify', paths['key'], '-signature', paths['signature'], paths['data']]
        else:
            call = ['openssl', 'pkeyutl', '-verify', '-pubin', '-inkey', paths['key'], '-rawin', '-in', paths['data'],
                    '-sigfile', paths['signature']]
        return subprocess.run(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


# --- JWS

def read_jws(jws, typ):
    need(isinstance(jws, dict), 'exchange.not-canonical')
    need('header' not in jws and 'signatures' not in jws, 'exchange.algorithm')
    need(set(jws) == {'payload', 'protected', 'signature'}, 'exchange.not-canonical')
    payload, head, signature = (b64u(jws[name]) for name in ('payload', 'protected', 'signature'))
    need(None not in (payload, head, signature), 'exchange.not-canonical')
    header = load(head)
    need(header is not None and is_canonical(head, header), 'exchange.algorithm')
    need({'alg', 'typ', 'kid', 'iat'} <= set(header) <= {'alg', 'typ', 'kid', 'iat', 'x5c', 'x5t#S256'}, 'exchange.algorithm')
    need(header['alg'] in ('ES256', 'EdDSA') and header['typ'] == typ, 'exchange.algorithm')
    need(type(header['iat']) is int, 'exchange.algorithm')
    return header, payload, (jws['protected'] + '.' + jws['payload']).encode(), signature


def read_text(body, typ):
    found = re.fullmatch(r'\{"payload":"([A-Za-z0-9_-]*)","protected":"([A-Za-z0-9_-]*)","signature":"([A-Za-z0-9_-]*)"\}', body)
    if not found:
        other = load(body.encode())
        need(not (other and ('header' in other or 'signatures' in other)), 'exchange.algorithm')
        raise Refused('exchange.not-canonical')
    return read_jws(dict(zip(('payload', 'protected', 'signature'), found.groups())), typ)


def read_payload(name, kind, payload):
    value = load(payload)
    need(value is not None and is_canonical(payload, value), 'exchange.not-canonical')
    need(value.get('kind') == kind, 'exchange.schema')
    need(value.get('version') == 1, 'exchange.version')
    need(fits(schema(name), value), 'exchange.schema')
    return value


def find_key(keys, holder, use, kid, moments):
    """The key, when it counts at each of the moments."""
    for key in keys['keys']:
        if (key['holder'], key['use'], key['kid']) == (holder, use, kid):
            good = all(key['validFrom'] <= at and (key['validUntil'] is None or at < key['validUntil'])
                       and (key['revokedSince'] is None or at < key['revokedSince']) for at in moments)
            return key['publicKey'] if good else False
    return None


def check(parts, key):
    header, _, data, signature = parts
    need(key, 'exchange.key-not-valid')
    need(signed_by(header['alg'], data, signature, key), 'exchange.signature')


def dated(parts, at):
    need(parts[0]['iat'] == instant(at) // 1000, 'exchange.algorithm')


def node_of(keys, authority):
    return next((one['node'] for one in keys['nodes'] if one['authority'] == authority), None)


def message(jws, keys, now):
    parts = read_jws(jws, 'comity-message+jws')
    said = load(parts[1])
    need(said is not None, 'exchange.not-canonical')
    signed_at = said.get('signedAt')
    instant(signed_at)
    sender = said.get('from')
    need(isinstance(sender, str), 'exchange.schema')
    need(node_of(keys, sender) is not None, 'exchange.unknown-authority')
    check(parts, find_key(keys, sender, 'authority-sign', parts[0]['kid'], [signed_at, now]))
    dated(parts, signed_at)
    value = read_payload('message', 'exchange.message', parts[1])
    life = instant(value['expiresAt']) - instant(signed_at)
    need(3_600_000 <= life <= 365 * 86_400_000, 'exchange.schema')
    need((value['sequence'] == 1) == (value['previous'] is None), 'exchange.schema')
    need([one['name'] for one in value['parts']] == ['part-%03d' % n for n in range(len(value['parts']))], 'exchange.schema')
    need(value['legalBasis'] is not None or not re.match(r'request(-reply)?/', value['subjectKind']), 'exchange.schema')
    need(value['from'] != value['to'], 'exchange.schema')
    return value, sha(parts[1])


def do_message(given, keys, now):
    return {'messageSha256': message(given['jws'], keys, now)[1]}


def do_transport(given, keys, now):
    body = given['body']
    need(len(body.encode()) <= 1_048_576, 'exchange.too-large')
    parts = read_text(body, 'comity-transport+jws')
    said = load(parts[1])
    need(said is not None, 'exchange.not-canonical')
    sender = said.get('fromNode')
    need(isinstance(sender, str), 'exchange.schema')
    instant(said.get('sentAt'))
    need(any(one['node'] == sender for one in keys['nodes']), 'exchange.unknown-node')
    need(given['tlsNode'] == sender, 'exchange.key-not-valid')
    check(parts, find_key(keys, sender, 'node-sign', parts[0]['kid'], [said['sentAt'], now]))
    dated(parts, said['sentAt'])
    value = read_payload('transport', 'exchange.transport', parts[1])
    need(value['toNode'] == given['ownNode'], 'exchange.wrong-recipient')
    inner, inner_sha = message(value['message'], keys, now)
    need(node_of(keys, inner['to']) == given['ownNode'], 'exchange.wrong-recipient')
    need(node_of(keys, inner['from']) == sender, 'exchange.not-accepted-from')
    for name, text in value['inline'].items():
        part = next((one for one in inner['parts'] if one['name'] == name), None)
        raw = b64u(text)
        need(part and raw is not None and is_part(part, raw), 'exchange.part-mismatch')
    return {'transportSha256': sha(body.encode()), 'messageSha256': inner_sha}


def do_receipt(given, keys, now):
    parts = read_text(given['body'], 'comity-receipt+jws')
    value = read_payload('receipt', 'exchange.receipt', parts[1])
    sent = given['sent']
    check(parts, find_key(keys, sent['toNode'], 'node-sign', parts[0]['kid'], [value['receivedAt'], now]))
    dated(parts, value['receivedAt'])
    same = all(value[name] == sent[name] for name in ('messageId', 'messageSha256', 'transportSha256'))
    need(same and value['receiver'] == sent['toNode'], 'exchange.wrong-recipient')
    need((value['order'] == 'held') == ('expects' in value), 'exchange.schema')
    return {}


FINAL = set('''too-large not-canonical schema algorithm signature key-not-valid wrong-recipient not-accepted-from id-reused
sequence-conflict chain-broken part-mismatch manifest-mismatch expired version'''.split())


def do_refusal(given, keys, now):
    parts = read_text(given['body'], 'comity-refusal+jws')
    sent = given['sent']
    check(parts, find_key(keys, sent['toNode'], 'node-sign', parts[0]['kid'], [now]))
    value = read_payload('refusal', 'exchange.refusal', parts[1])
    dated(parts, value['at'])
    same = all(value[name] in (None, sent[name]) for name in ('messageId', 'messageSha256'))
    need(same and value['receiver'] == sent['toNode'] and value['transportSha256'] == sent['transportSha256'],
         'exchange.wrong-recipient')
    need((value['retry'] == 'never') == (value['code'].replace('exchange.', '') in FINAL), 'exchange.schema')
    return {'code': value['code']}


def do_event(given, keys, now):
    parts = read_jws(given['jws'], 'comity-event+jws')
    said = load(parts[1]) or {}
    by = said.get('by')
    need(isinstance(by, dict) and isinstance(by.get('node'), str), 'exchange.schema')
    instant(said.get('at'))
    authority = by.get('authority')
    need(authority is None or node_of(keys, authority) == by['node'], 'exchange.unknown-authority')
    moments = [said['at'], now]
    key = find_key(keys, by['node'], 'node-sign', parts[0]['kid'], moments)
    if key is None and authority is not None:
        key = find_key(keys, authority, 'authority-sign', parts[0]['kid'], moments)
    check(parts, key)
    dated(parts, said['at'])
    return {'type': read_payload('event', 'exchange.event', parts[1])['type']}


def do_descriptor(given, keys, now):
    parts = read_text(given['body'], 'comity-descriptor+jws')
    check(parts, find_key(keys, given['node'], 'node-sign', parts[0]['kid'], [now]))
    value = read_payload('descriptor', 'exchange.descriptor', parts[1])
    dated(parts, value['at'])
    need(value['node'] == given['node'], 'exchange.wrong-recipient')
    return {}


def do_reconcile(given, keys, now):
    name = 'reconcile-answer' if 'asked' in given else 'reconcile-question'
    parts = read_text(given['body'], 'comity-reconcile+jws')
    check(parts, find_key(keys, given['peer'], 'node-sign', parts[0]['kid'], [now]))
    value = read_payload(name, 'exchange.reconcile' + ('-answer' if 'asked' in given else ''), parts[1])
    dated(parts, value['at'])
    need((value['fromNode'], value['toNode']) == (given['peer'], given['ownNode']), 'exchange.wrong-recipient')
    if 'asked' not in given:
        need(abs(instant(value['at']) - instant(now)) <= 300_000, 'exchange.clock-skew')
        return {'what': value['ask']['what']}
    need(value['questionSha256'] == given['asked']['questionSha256'], 'exchange.wrong-recipient')
    need(value['answer']['what'] == given['asked']['what'], 'exchange.schema')
    return {'what': value['answer']['what']}


def padded(length):
    return next((n for n in (4096, 16384, 65536, 262144) if length <= n), -(-length // 262144) * 262144)


def do_manifest(given, keys, now):
    plain, signed = base64.b64decode(given['plain']), given['message']
    bad = 'exchange.manifest-mismatch'
    value = load(plain)
    need(value is not None and is_canonical(plain, value) and fits(schema('manifest'), value), bad)
    need(value['kind'] == 'exchange.manifest' and value['version'] == 1, bad)
    pairs = (('messageId', 'id'), ('conversationId', 'conversationId'), ('from', 'from'), ('to', 'to'))
    need(all(value[mine] == signed[theirs] for mine, theirs in pairs), bad)
    need([one['name'] for one in value['parts']] == [one['name'] for one in signed['parts'][1:]], bad)
    need(not value['padding'].strip(' ') and len(plain) == padded(len(plain) - len(value['padding'])), bad)
    return {}


# --- age: X25519 (RFC 7748), ChaCha20-Poly1305 (RFC 8439), HKDF (RFC 5869)

P = 2 ** 255 - 19


def x25519(scalar, point):
    k = int.from_bytes(scalar, 'little') & ((1 << 254) - 8) | (1 << 254)
    u = int.from_bytes(point, 'little') & ((1 << 255) - 1)
    x2, z2, x3, z3, swap = 1, 0, u % P, 1, 0
    for bit in range(254, -1, -1):
        now = (k >> bit) & 1
        if swap ^ now:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = now
        a, b = (x2 + z2) % P, (x2 - z2) % P
        aa, bb = a * a % P, b * b % P
        e = (aa - bb) % P
        da, cb = (x3 - z3) * a % P, (x3 + z3) * b % P
        x3, z3 = (da + cb) ** 2 % P, u * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, 'little')


def chacha_block(key, counter, nonce):
    start = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, *struct.unpack('<8L', key), counter, *struct.unpack('<3L', nonce)]
    s = start[:]
    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                           (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                s[x] = (s[x] + s[y]) & 0xffffffff
                mixed = s[z] ^ s[x]
                s[z] = ((mixed << turn) | (mixed >> (32 - turn))) & 0xffffffff
    return struct.pack('<16L', *((x + y) & 0xffffffff for x, y in zip(s, start)))


def open_box(key, nonce, box):
    if len(box) < 16:
        return None
    text, tag = box[:-16], box[-16:]
    one = chacha_block(key, 0, nonce)
    r = int.from_bytes(one[:16], 'little') & 0x0ffffffc0ffffffc0ffffffc0fffffff
    total = 0
    data = text + b'\0' * (-len(text) % 16) + struct.pack('<QQ', 0, len(text))
    for at in range(0, len(data), 16):
        total = (total + int.from_bytes(data[at:at + 16] + b'\1', 'little')) * r % (2 ** 130 - 5)
    mine = ((total + int.from_bytes(one[16:32], 'little')) & (2 ** 128 - 1)).to_bytes(16, 'little')
    if not hmac.compare_digest(mine, tag):
        return None
    out = bytearray()
    for count, at in enumerate(range(0, len(text), 64), 1):
        out += bytes(x ^ y for x, y in zip(text[at:at + 64], chacha_block(key, count, nonce)))
    return bytes(out)


def hkdf(secret, salt, info, length=32):
    key = hmac.new(salt or b'\0' * 32, secret, hashlib.sha256).digest()
    return hmac.new(key, info + b'\1', hashlib.sha256).digest()[:length]


def loose64(text):
    need(re.fullmatch(r'[A-Za-z0-9+/]*', text), 'crypto.cannot-open')
    try:
        raw = base64.b64decode(text + '=' * (-len(text) % 4))
    except ValueError:
        raise Refused('crypto.cannot-open')
    need(base64.b64encode(raw).decode().rstrip('=') == text, 'crypto.cannot-open')
    return raw


def age_header(data):
    """Stanzas, what the code covers, the code, and the length of the header."""
    bad = 'crypto.cannot-open'
    lines, at = [], 0

    def line():
        nonlocal at
        end = data.find(b'\n', at, 65536)
        need(end >= 0, bad)
        start, at = at, end + 1
        return start, data[start:end].decode('latin-1')

    need(line()[1] == 'age-encryption.org/v1', bad)
    while True:
        start, text = line()
        if text.startswith('---'):
            found = re.fullmatch(r'--- ([A-Za-z0-9+/]{43})', text)
            need(found and lines, bad)
            return lines, data[:start + 3], loose64(found.group(1)), at
        need(re.fullmatch(r'-> [\x21-\x7e]+( [\x21-\x7e]+)*', text), bad)
        args = text.split(' ')[1:]
        need(len(lines) < 64 and args[0] != 'scrypt', bad)
        body = ''
        while True:
            more = line()[1]
            need(len(more) <= 64, bad)
            body += more
            if len(more) < 64:
                break
        lines.append((args, loose64(body)))


def bech32(text):
    letters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
    values = [letters.index(ch) for ch in text.lower().rsplit('1', 1)[1]][:-6]
    bits = ''.join(format(one, '05b') for one in values)
    return int(bits[:256], 2).to_bytes(32, 'big')


def do_sealed(given, keys, now):
    bad = 'crypto.cannot-open'
    data, secret = base64.b64decode(given['sealed']), bech32(given['identity'])
    mine = x25519(secret, (9).to_bytes(32, 'little'))
    stanzas, covered, mac, length = age_header(data)
    wanted = [(args, body) for args, body in stanzas if args[0] == 'X25519']
    for args, body in wanted:
        need(len(args) == 2 and len(loose64(args[1])) == 32 and len(body) == 32, bad)
    for args, body in wanted:
        share = loose64(args[1])
        shared = x25519(secret, share)
        need(any(shared), bad)
        file_key = open_box(hkdf(shared, share + mine, b'age-encryption.org/v1/X25519'), b'\0' * 12, body)
        if file_key is not None:
            break
    else:
        raise Refused('crypto.no-reader')
    need(hmac.compare_digest(hmac.new(hkdf(file_key, b'', b'header'), covered, hashlib.sha256).digest(), mac), bad)
    payload = data[length:]
    need(len(payload) > 16, bad)
    key, rest, plain = hkdf(file_key, payload[:16], b'payload'), payload[16:], b''
    count = -(-len(rest) // 65552)
    for number in range(count):
        nonce = number.to_bytes(11, 'big') + bytes([number == count - 1])
        chunk = open_box(key, nonce, rest[number * 65552:(number + 1) * 65552])
        need(chunk is not None and (chunk or number == 0), bad)
        plain += chunk
    return {'plainSha256': sha(plain)}


# --- trees

def h(*parts):
    return hashlib.sha256(b''.join(parts)).digest()


def root_of(hashes):
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return h(b'\1', root_of(hashes[:split]), root_of(hashes[split:]))


def is_part(part, raw):
    try:
        length = age_header(raw)[3]
    except Refused:
        return False
    blocks = [h(b'\0', raw[at:at + 1048576]) for at in range(length, len(raw), 1048576)]
    return len(raw) == part['length'] and sha(raw[:length]) == part['headerSha256'] and root_of(blocks).hex() == part['payloadRoot']


def included(leaf, index, size, path, root):
    """RFC 9162 section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    place, last, node = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place % 2 or place == last:
            node = h(b'\1', step, node)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            node = h(b'\1', node, step)
        place, last = place // 2, last // 2
    return last == 0 and node == root


def grew(older, older_root, size, root, path):
    """RFC 9162 section 2.1.4.2; from nothing it shows nothing."""
    if not 1 <= older <= size:
        return False
    if older == size:
        return not path and older_root == root
    steps = ([older_root] if older & (older - 1) == 0 else []) + path
    if not steps:
        return False
    place, last = older - 1, size - 1
    while place % 2:
        place, last = place // 2, last // 2
    a = b = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            a, b = h(b'\1', step, a), h(b'\1', step, b)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            b = h(b'\1', b, step)
        place, last = place // 2, last // 2
    return last == 0 and a == older_root and b == root


def seeded(name, length):
    out = b''
    for count in range(-(-length // 32)):
        out += h(('comity vector %s %d' % (name, count)).encode())
    return out[:length]


def do_tree(given, keys, now):
    block = given['block']
    raw = base64.b64decode(block['base64']) if 'base64' in block else seeded(block['seededAs'], block['length'])
    path = [bytes.fromhex(step) for step in given['path']]
    need(all(len(step) == 32 for step in path), 'exchange.block')
    need(included(h(b'\0', raw), given['index'], given['count'], path, bytes.fromhex(given['root'])), 'exchange.block')
    return {}


def do_proof(given, keys, now):
    path, root = [bytes.fromhex(step) for step in given['path']], bytes.fromhex(given['root'])
    if given['proves'] == 'inclusion':
        leaf = h(b'\0', h(bytes.fromhex(given['salt']), h(given['entry'].encode())))
        need(included(leaf, given['index'], given['size'], path, root), 'log.bad-proof')
    else:
        need(grew(given['from'], bytes.fromhex(given['fromRoot']), given['size'], root, path), 'log.bad-proof')
    return {}


# --- records and checkpoints

def do_record(given, keys, now):
    bad = 'records.malformed'
    parts = given['jws'].split('.')
    need(len(parts) == 3, bad)
    head, payload, signature = (b64u(part) if part else None for part in parts)
    need(None not in (head, payload, signature) and len(signature) == 64, bad)
    header = load(head)
    need(header is not None and is_canonical(head, header) and set(header) == {'alg', 'kid', 'typ'}, bad)
    need(header['alg'] == 'ES256' and header['typ'] == 'comity-record+jws', bad)
    value = load(payload)
    need(value is not None and is_canonical(payload, value), 'records.not-canonical')
    need(fits(schema('record'), value), bad)
    key = next((k for k in keys['keys'] if (k['holder'], k['use'], k['kid']) == (value['owner'], 'record', header['kid'])), None)
    need(key, 'records.unknown-key')
    need(key['validFrom'] <= value['at'] and (key['validUntil'] is None or value['at'] < key['validUntil']), 'records.key-out-of-time')
    data = '.'.join(parts[:2]).encode()
    # A record's signature may have either of the two values of s: its name is the hash of its content.
    s = int.from_bytes(signature[32:], 'big')
    low = signature if s <= ORDER // 2 else signature[:32] + (ORDER - s).to_bytes(32, 'big')
    need(signed_by('ES256', data, low, key['publicKey']), 'records.bad-signature')
    return {'hash': 'sha256:' + sha(payload), 'previous': value['previous'], 'body': value['body']}


def do_revocation(given, keys, now):
    facts = do_record(given, keys, now)
    need(fits(schema('key-revocation'), facts['body']), 'exchange.schema')
    instant(facts['body']['since'])
    return facts


def do_checkpoint(given, keys, now):
    bad, note, origin = 'exchange.not-canonical', given['note'], given['origin']
    end = note.rfind('\n\n')
    need(note.endswith('\n') and end > 0, bad)
    text, lines = note[:end + 1], note[end + 2:-1].split('\n')
    need(not re.search(r'[\x00-\x09\x0b-\x1f\x7f]', text), bad)
    signatures = []
    for line in lines:
        found = re.fullmatch(r'\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})', line)
        need(found and len(found.group(2)) % 4 == 0, bad)
        raw = base64.b64decode(found.group(2))
        need(len(raw) >= 5 and base64.b64encode(raw).decode() == found.group(2), bad)
        signatures.append((found.group(1), raw[:4], raw[4:]))
    state = re.fullmatch(r'([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n', text)
    need(state, bad)
    need(state.group(1) == origin, 'exchange.wrong-recipient')
    key = next(k for k in keys['keys'] if (k['holder'], k['use']) == (origin, 'log'))
    key_id = h((origin + '\n').encode(), b'\1', b64u(key['publicKey']['x']))[:4]
    mine = [raw for name, own, raw in signatures if name == origin and own == key_id]
    need(len(mine) == 1 and signed_by('EdDSA', text.encode(), mine[0], key['publicKey']), 'exchange.signature')
    return {'size': int(state.group(2)), 'root': base64.b64decode(state.group(3)).hex()}


def main():
    counted = differing = 0
    for folder, _, names in sorted(os.walk(os.path.join(HERE, 'vectors'))):
        for name in sorted(names):
            with open(os.path.join(folder, name), encoding='utf-8') as file:
                vector = json.load(file)
            try:
                said = {'result': 'valid', **globals()['do_' + vector['kind']](vector['input'], vector['keys'], vector['at'])}
            except Refused as refused:
                said = {'result': 'refused', 'code': str(refused)}
            counted += 1
            if any(said.get(fact) != value for fact, value in vector['expect'].items()):
                differing += 1
                print('DIFFERS', os.path.relpath(os.path.join(folder, name), HERE), said, vector['expect'])
    print('%d vectors, %d differ' % (counted, differing))
    sys.exit(1 if differing or not counted else 0)


if __name__ == '__main__':
    main()
