#!/usr/bin/env python3
"""Checks a Comity proof pack (ASiC-E with CAdES) without any of its authors' software.

    verify.py FILE.asice --root state-root.pem [--root ...] [--tsa-root tsa.pem ...] [--at 2029-01-01T00:00:00Z] [--json]

Needs Python 3.8 (standard library) and openssl 3. Exit: 0 everything holds, 1 broken, 2 the call was wrong.
"""
import argparse, base64, calendar, hashlib, json, os, pathlib, re, shutil, stat, subprocess, sys, tempfile, time, zipfile
import xml.etree.ElementTree as xml
ASIC = '{http://uri.etsi.org/02918/v1.2.1#}'
DS = '{http://www.w3.org/2000/09/xmldsig#}'
SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
TYPE = 'application/vnd.etsi.asic-e+zip'
UNKNOWN = b'certificate verify error'
MOST_FILES, MOST_BYTES, MOST_RATIO = 10_000, 200 * 2**30, 1000

class Broken(Exception): """The container cannot be looked at any further."""

class Report:
    def __init__(self):
        self.broken, self.notes, self.stamps, self.signer, self.signed_at = [], [], [], None, None

    def say(self, what, about=''):
        self.broken.append(f'{what}: {about}' if about else what)

def openssl(*arguments):
    done = subprocess.run(['openssl', *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return done.returncode == 0, done.stdout, done.stderr

class Container:
    """A zip read as a hostile file: safe names, nothing twice, nothing hidden, no packing tricks."""

    def __init__(self, path):
        try:
            self.zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise Broken(f'not a readable zip: {error}') from error
        self.entries = self.zip.infolist()
        if len(self.entries) > MOST_FILES or sum(one.file_size for one in self.entries) > MOST_BYTES:
            raise Broken('over the limits')
        seen = set()
        for one in self.entries:
            name = one.orig_filename
            if name.startswith('/') or '\\' in name or '\0' in name or '..' in name.split('/') or re.match('[A-Za-z]:', name):
                raise Broken(f'unsafe name {name!r}')
            if name.lower() in seen or name.endswith('/'):
                raise Broken(f'name twice or a folder {name!r}')
            seen.add(name.lower())
            if stat.S_ISLNK(one.external_attr >> 16) or one.flag_bits & 0x41:
                raise Broken(f'link or encrypted {name!r}')
            if one.file_size > MOST_RATIO * max(one.compress_size, 1024):
                raise Broken(f'packed beyond measure {name!r}')
        first = self.entries[0] if self.entries else None
        if first is None or first.filename != 'mimetype' or first.header_offset != 0 or first.compress_type != 0:
            raise Broken('mimetype does not stand first')
        spans = sorted((one.header_offset, one.header_offset + 30 + one.compress_size) for one in self.entries)
        spans.append((self.zip.start_dir, 0))
        if any(end > spans[at + 1][0] for at, (_, end) in enumerate(spans[:-1])):
            raise Broken('entries share bytes')
        self.names, self.read = [one.filename for one in self.entries], self.zip.read
        self.digests = {}
        for name in self.names:
            digest = hashlib.sha256()
            try:
                with self.zip.open(name) as stream:
                    for piece in iter(lambda: stream.read(1 << 20), b''):
                        digest.update(piece)
            except (zipfile.BadZipFile, OSError, ValueError, EOFError, RuntimeError) as error:
                raise Broken(f'{name}: {error}') from error
            self.digests[name] = base64.b64encode(digest.digest()).decode()
        if self.read('mimetype') != TYPE.encode():
            raise Broken('not an ASiC-E container')

class Manifest:
    def __init__(self, name, text):
        self.name = name
        if b'<!' in text or b'&' in text:
            raise Broken(f'{name}: declarations, comments and entities are refused')
        try:
            root = xml.fromstring(text)
        except xml.ParseError as error:
            raise Broken(f'{name}: {error}') from error
        proof = root.find(f'{ASIC}SigReference')
        if root.tag != f'{ASIC}ASiCManifest' or proof is None or not proof.get('URI'):
            raise Broken(f'{name}: not a manifest')
        self.proof = proof.get('URI')
        self.references = []
        for one in root.findall(f'{ASIC}DataObjectReference'):
            method, value = one.find(f'{DS}DigestMethod'), one.find(f'{DS}DigestValue')
            if method is None or value is None or method.get('Algorithm') != SHA256 or not one.get('URI'):
                raise Broken(f'{name}: a reference without SHA-256')
            self.references.append((one.get('URI'), (value.text or '').strip()))
        if not self.references:
            raise Broken(f'{name}: lists nothing')
        self.is_stamp = self.proof.endswith('.tst')

def check_lists(box, manifests, report):
    """Every digest in every manifest, and completeness both ways."""
    for manifest in manifests:
        names = [name for name, _ in manifest.references]
        for name in {name for name in names if names.count(name) > 1}:
            report.say('listed twice', name)
        for name, digest in manifest.references:
            if name not in box.digests:
                report.say('listed and missing', name)
            elif box.digests[name] != digest:
                report.say('differs from what was signed', name)
        if manifest.proof not in box.digests:
            report.say('proof missing', manifest.proof)
    proofs = {one.proof for one in manifests}
    if len(proofs) != len(manifests):
        report.say('two manifests name one proof')
    signed = {name for one in manifests if not one.is_stamp for name, _ in one.references}
    known = {one.name for one in manifests} | proofs
    for name in box.names:
        if name != 'mimetype' and name not in (known if name.startswith('META-INF/') else signed):
            report.say('present and covered by nothing', name)

def on_disk(folder, name, content):
    pathlib.Path(folder, name).write_bytes(content)
    return os.path.join(folder, name)

def seconds_of(text):
    """`May 14 12:00:00 2026 GMT`, with or without a fraction."""
    return calendar.timegm(time.strptime(re.sub(r'\.\d+', '', text.strip()), '%b %d %H:%M:%S %Y %Z'))

def when(seconds): return time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(seconds))

def stamp_of(over, what, token, name, roots, folder, report):
    """Moment for which a token vouches, in seconds; None when it does not hold."""
    data, token = on_disk(folder, 'stamped', over), on_disk(folder, 'token', token)
    _, text, _ = openssl('ts', '-reply', '-in', token, '-token_in', '-text')
    stated = re.search(rb'^Time stamp: (.*)$', text, re.M)
    if stated is None or roots is None:
        return report.say('time stamp cannot be read' if roots else 'time stamp not checked, give --tsa-root', name)
    at = seconds_of(stated.group(1).decode())
    holds, _, why = openssl('ts', '-verify', '-data', data, '-in', token, '-token_in', '-CAfile', roots, '-attime', str(at))
    if not holds:
        return report.say('time stamp of nobody whose root was given' if UNKNOWN in why else f'time stamp is not over {what}, or is damaged', name)
    return at

def check_stamps(box, manifests, roots, folder, now, report):
    found = []
    for one in (one for one in manifests if one.is_stamp and one.proof in box.digests):
        at = stamp_of(box.read(one.name), one.name, box.read(one.proof), one.proof, roots, folder, report)
        found.extend([] if at is None else [(at, end_of_signer(os.path.join(folder, 'token'), folder), one.proof)])
    found.sort()
    for index, (at, until, proof) in enumerate(found):
        following = found[index + 1][0] if index + 1 < len(found) else now
        if until < following:
            report.say('time stamp was not renewed before its certificate ended', proof)
        report.stamps.append({'at': when(at), 'until': when(until)})
    report.notes.extend([] if any(one.is_stamp for one in manifests) else ['not time-stamped yet'])
    return found[0][0] if found else None

def end_of_signer(token, folder):
    """Earliest end among the certificates that came with a token, its roots left out."""
    _, pems, _ = openssl('pkcs7', '-inform', 'DER', '-in', token, '-print_certs')
    ends = []
    for pem in re.findall(rb'-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n', pems, re.S):
        path = on_disk(folder, 'certificate', pem)
        _, end, _ = openssl('x509', '-in', path, '-noout', '-enddate')
        ends.append(seconds_of(end.decode().split('=', 1)[1]))
    return min(ends, default=0)

def check_signatures(box, manifests, roots, folder, stamped, report):
    signatures = [one for one in manifests if not one.is_stamp]
    report.broken.extend([] if signatures else ['not signed'])
    for manifest in (one for one in signatures if one.proof in box.digests):
        content = on_disk(folder, 'content', box.read(manifest.name))
        signature = on_disk(folder, 'signature', box.read(manifest.proof))
        _, text, _ = openssl('cms', '-cmsout', '-print', '-inform', 'DER', '-in', signature)
        stated = re.search(rb'signingTime.*?UTCTIME:(.*?)\n', text, re.S)
        if stated is None:
            report.say('signature without a time', manifest.proof)
            continue
        signed = seconds_of(stated.group(1).decode())
        signer = os.path.join(folder, 'signer')
        # Key validity as of the signing: the first stamp is the latest that signing can have been.
        holds, _, why = openssl('cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', signature, '-content', content,
                                '-CAfile', roots, '-purpose', 'any', '-attime', str(stamped or signed), '-signer', signer, '-out', os.devnull)
        if not holds:
            report.say('signer does not lead to a root that was given, or was not valid then' if UNKNOWN in why
                       else f'signature is not over {manifest.name}: one of the two was changed', manifest.proof)
            continue
        if stamped is not None and signed > stamped + 300:
            report.say('signed after it was stamped', manifest.proof)
        _, subject, _ = openssl('x509', '-in', signer, '-noout', '-subject', '-nameopt', 'multiline')
        name = re.search(rb'commonName\s*= (.*)', subject)
        report.signer, report.signed_at = name.group(1).decode() if name else None, when(signed)

def b64url(text): return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))
def der(tag, *parts): return bytes([tag, len(b''.join(parts))]) + b''.join(parts)  # nothing here is longer than 127 bytes

def public_pem(key):
    if key['crv'] == 'P-256':
        algorithm = bytes.fromhex('301306072a8648ce3d020106082a8648ce3d030107')
        point = b'\4' + b64url(key['x']) + b64url(key['y'])
    else:
        algorithm, point = bytes.fromhex('300506032b6570'), b64url(key['x'])
    spki = der(0x30, algorithm, der(3, b'\0', point))
    return b'-----BEGIN PUBLIC KEY-----\n' + base64.encodebytes(spki) + b'-----END PUBLIC KEY-----\n'

def is_signed(key, signed, signature, folder):
    if len(signature) != 64:
        return False
    pem, data = on_disk(folder, 'key', public_pem(key)), on_disk(folder, 'data', signed)
    if key['crv'] == 'Ed25519':
        sig = on_disk(folder, 'sig', signature)
        return openssl('pkeyutl', '-verify', '-pubin', '-inkey', pem, '-rawin', '-in', data, '-sigfile', sig)[0]
    halves = [int.from_bytes(signature[at:at + 32], 'big') for at in (0, 32)]
    sig = on_disk(folder, 'sig', der(0x30, *(der(2, one.to_bytes(one.bit_length() // 8 + 1, 'big')) for one in halves)))
    return openssl('dgst', '-sha256', '-verify', pem, '-signature', sig, data)[0]

def thumbprint(key):
    text = json.dumps({name: key[name] for name in ('crv', 'kty', 'x', 'y') if name in key}, sort_keys=True, separators=(',', ':'))
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()

def check_messages(box, keys, folder, report):
    """Signatures inside message, receipts and events; answers the SHA-256 of the message and of what speaks of it."""
    message, spoken = None, []
    for name in (one for one in box.names if one.endswith('.jws')):
        kind = 'message' if name == 'message.jws' else 'receipt' if name.startswith('receipt') else 'event'
        try:
            jws = json.loads(box.read(name))
            head = json.loads(b64url(jws['protected']))
            key = next(one['publicKey'] for one in keys if one['kid'] == head['kid'] == thumbprint(one['publicKey']))
            signed = f"{jws['protected']}.{jws['payload']}".encode()
            good = head['typ'] == f'comity-{kind}+jws' and is_signed(key, signed, b64url(jws['signature']), folder)
        except (ValueError, KeyError, TypeError, StopIteration):
            good = False
        if not good:
            report.say('signature inside does not hold', name)
        elif kind == 'message':
            message = hashlib.sha256(b64url(jws['payload'])).hexdigest()
        else:
            spoken.append(b64url(jws['payload']))
    return message and [message, *(hashlib.sha256(one).hexdigest() for one in spoken if message.encode() in one)]

def read_note(text):
    (body, _, lines), signatures = text.partition('\n\n'), []
    for _, name, value in (line.split(' ') for line in lines.splitlines()):
        signatures.append((name, base64.b64decode(value)[:4], base64.b64decode(value)[4:]))
    return body + '\n', signatures

def key_id(name, key, kind): return hashlib.sha256(name.encode() + b'\n' + bytes([kind]) + b64url(key['x'])).digest()[:4]

def leads_to(root, leaf, index, size, path):
    """RFC 9162 section 2.1.3.2."""
    node, last = hashlib.sha256(b'\0' + leaf).digest(), size - 1
    for step in path:
        if last == 0:
            return False
        if index % 2 or index == last:
            node = hashlib.sha256(b'\1' + step + node).digest()
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            node = hashlib.sha256(b'\1' + node + step).digest()
        index, last = index // 2, last // 2
    return last == 0 and node == root

def grew(first, first_root, second, second_root, path):
    """RFC 9162 section 2.1.4.2: the tree of `first` leaves begins the tree of `second`."""
    if first == second:
        return first_root == second_root
    path = ([first_root] if first & (first - 1) == 0 else []) + path
    one, last, old, new = first - 1, second - 1, *(path[:1] * 2 or (b'', b''))
    while one % 2:
        one, last = one // 2, last // 2
    for step in path[1:]:
        if one % 2 or one == last:
            old, new = (hashlib.sha256(b'\1' + step + node).digest() for node in (old, new))
            while one % 2 == 0 and one:
                one, last = one // 2, last // 2
        else:
            new = hashlib.sha256(b'\1' + new + step).digest()
        one, last = one // 2, last // 2
    return last == 0 and old == first_root and new == second_root

def check_log(box, keys, message, stamp_roots, folder, report):
    proofs = [one for one in box.names if re.fullmatch(r'log/\d+\.proof', one)]
    if not proofs:
        if message:
            report.notes.append('no proof from a log came along')
        return
    logs, named = [one for one in keys if one['use'] == 'log'], False
    try:
        text, signatures = read_note(box.read('log/checkpoint').decode())
        origin, size, root = text.split('\n')[:3]
        size, root = int(size), base64.b64decode(root)
        good = any(name == origin and raw == key_id(origin, one['publicKey'], 1) and is_signed(
            one['publicKey'], text.encode(), signature, folder) for one in logs for name, raw, signature in signatures)
    except (KeyError, ValueError):
        good = False
    if not good:
        report.say('the checkpoint of the log is not signed by its log')
        return
    for name in proofs:
        lines = [line.split(' ', 1) for line in box.read(name).decode().splitlines()[1:]]
        facts = {word: value for word, value in lines if word != 'path'}
        path = [bytes.fromhex(value) for word, value in lines if word == 'path']
        try:
            entry = box.read(name[:-5] + 'entry')
            leaf = hashlib.sha256(bytes.fromhex(facts['salt']) + hashlib.sha256(entry).digest()).digest()
            holds = facts['origin'] == origin and int(facts['size']) == size and leads_to(root, leaf, int(facts['index']), size, path)
        except (KeyError, ValueError):
            holds, entry = False, b''
        if not holds: report.say('log proof does not hold', name)
        named = named or any(one.encode() in entry for one in message or [])
    if message and not named:
        report.say('no log entry names this message')
    seen = [one for one in box.names if re.match(r'log/cosignature-|log/stamped-\d+$', one)]
    report.notes.extend([] if any('cosignature' in one for one in seen) else ['no witness has signed the state of the log yet'])
    for name in seen:
        try:
            other, signatures = read_note(box.read(name).decode())
            seen_at, seen_root = int(other.split('\n')[1]), base64.b64decode(other.split('\n')[2])
            path = [] if seen_at == size else [bytes.fromhex(one) for one in box.read(f'log/grown-from-{seen_at}').decode().split()]
            good = other.startswith(origin + '\n') and 0 < seen_at <= size and grew(seen_at, seen_root, size, root, path)
            if 'stamped' in name:
                good = good and any(is_signed(one['publicKey'], other.encode(), value, folder) for one in logs for who, _, value in signatures if who == origin)
                stamp_of(box.read(name), name, box.read(name + '.tst'), name + '.tst', stamp_roots, folder, report)
            else:
                good = good and any(who == one['holder'] and raw == key_id(who, one['publicKey'], 4) and is_signed(
                    one['publicKey'], b'cosignature/v1\ntime %d\n' % int.from_bytes(value[:8], 'big') + other.encode(), value[8:], folder)
                    for one in logs for who, raw, value in signatures)
        except (ValueError, KeyError, IndexError):
            good = False
        if not good: report.say('stamped state of the log does not hold' if 'stamped' in name else 'signature of a witness does not hold', name)

def check_custody(box, report):
    """Each chain computed again, and each disclosed file against its record."""
    if 'custody.jsonld' not in box.digests:
        return
    chains = {}
    for node in json.loads(box.read('custody.jsonld'))['@graph']:
        if node['@type'] == 'uco-observable:File':
            want = base64.b64encode(bytes.fromhex(node['uco-observable:hash']['uco-types:hashValue'])).decode()
            if box.digests.get(node['comity:containerName']) != want:
                report.say('differs from its custody record', node['comity:containerName'])
        else:
            record = node['comity:record']
            chains.setdefault(record['entry']['fileId'], []).append(record)
    for chain in chains.values():
        previous = None
        for number, record in enumerate(chain, 1):
            said = {'entry': record['entry'], 'previousHash': record['previousHash']}
            text = json.dumps(said, sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode()
            if record['entry']['seq'] != number or record['previousHash'] != previous or record['hash'] != 'sha256:' + hashlib.sha256(text).hexdigest():
                report.say('custody chain does not hold', f'entry {number}')
                break
            previous = record['hash']

def verify(path, roots, stamp_roots, now):
    report, trusted = Report(), {}
    with tempfile.TemporaryDirectory() as folder:
        try:
            box = Container(path)
            manifests = [Manifest(name, box.read(name)) for name in box.names if re.fullmatch(r'META-INF/[^/]*Manifest[^/]*\.xml', name)]
            for use, files in (('signatures', roots), ('stamps', stamp_roots)):
                trusted[use] = on_disk(folder, use, b''.join(pathlib.Path(one).read_bytes() for one in files)) if files else None
            check_lists(box, manifests, report)
            stamped = check_stamps(box, manifests, trusted['stamps'], folder, now, report)
            check_signatures(box, manifests, trusted['signatures'], folder, stamped, report)
            keys = json.loads(box.read('keys.json')) if 'keys.json' in box.digests else []
            check_log(box, keys, check_messages(box, keys, folder, report), trusted['stamps'], folder, report)
            check_custody(box, report)
        except Broken as error:
            report.say(str(error))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            report.say('a file inside does not have the agreed form', repr(error))
    return report

def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('file')
    parser.add_argument('--root', action='append', required=True, help="your own copy of a State's root, PEM")
    parser.add_argument('--tsa-root', action='append', default=[], help='root of a time-stamp authority, PEM')
    parser.add_argument('--at', help='check as of this moment, 2029-01-01T00:00:00Z; now unless told')
    parser.add_argument('--json', action='store_true')
    given = parser.parse_args()
    for one in (one for one in [given.file, *given.root, *given.tsa_root] if not os.path.isfile(one)):
        parser.error(f'there is no file {one}')
    if shutil.which('openssl') is None: parser.error('openssl 3 is needed')
    now = calendar.timegm(time.strptime(given.at, '%Y-%m-%dT%H:%M:%SZ')) if given.at else int(time.time())
    report = verify(given.file, given.root, given.tsa_root, now)
    if given.json:
        print(json.dumps({'status': 'broken' if report.broken else 'holds', 'signer': report.signer, 'signedAt': report.signed_at,
                          'stamps': report.stamps, 'broken': report.broken, 'notes': report.notes}, ensure_ascii=False))
    else:
        print('\n'.join([*([f'signed by {report.signer} at {report.signed_at}'] if report.signer else []), *(f'stamped {one["at"]}' for one in report.stamps),
                         *(f'note: {one}' for one in report.notes), *(f'BROKEN: {one}' for one in report.broken)]))
        print('BROKEN' if report.broken else 'HOLDS')
    return 1 if report.broken else 0

if __name__ == '__main__':
    sys.exit(main())
