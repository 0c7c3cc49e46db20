#!/usr/bin/env python3
"""Checks the proof of one message (exchange.proof/1, schemas/message-proof.json) without any of its authors' software.

    proof.py FILE.json [--keys keys.json] [--tsa-root tsa.pem ...] [--json]

Needs Python 3.8 (standard library) and openssl 3. Exit: 0 everything holds, 1 something does not, 2 the call was wrong.
--keys: keys that you have from elsewhere, as a proof lists them; those in the file then count only when they are among them.
"""
import argparse, base64, calendar, hashlib, json, pathlib, re, sys, tempfile, time
from verify import b64url, grew, is_signed, key_id, leads_to, on_disk, openssl, read_note, seconds_of, thumbprint, when

TYPES = {f'comity-{one}+jws': one for one in ('message', 'receipt', 'refusal', 'event')}


class Findings:
    def __init__(self):
        self.holds, self.broken = [], []

    def need(self, good, yes, no):
        (self.holds if good else self.broken).append(yes if good else no)
        return good


def sha(data):
    return hashlib.sha256(data).hexdigest()


def canonical(value):
    """RFC 8785 as far as signed objects need it: integers and text, keys in ASCII."""
    return json.dumps(value, sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode()


def read_signed(jws, keys, folder):
    """What a signed object says, with its type and the SHA-256 of its payload; a text instead says what is wrong."""
    try:
        head, payload = json.loads(b64url(jws['protected'])), b64url(jws['payload'])
        said = json.loads(payload)
        if set(jws) != {'payload', 'protected', 'signature'} or canonical(head) != b64url(jws['protected']):
            return 'its form is not the agreed one'
        if set(head) - {'alg', 'typ', 'kid', 'iat', 'x5c', 'x5t#S256'} or canonical(said) != payload:
            return 'its form is not the agreed one'
        kind = TYPES[head['typ']]
        by = said.get('by', {})
        signer = said['from'] if kind == 'message' else by.get('authority') or by.get('node') or said['receiver']
        at = said.get('signedAt') or said.get('receivedAt') or said['at']
    except (ValueError, KeyError, TypeError, AttributeError):
        return 'it cannot be read'
    if head['iat'] != seconds_at(at):
        return 'it was signed at another moment than it states'
    for one in keys:
        fits = (one['use'], one['holder']) in (('authority-sign', signer), ('node-sign', by.get('node') or signer))
        if kind == 'message':
            fits = (one['use'], one['holder']) == ('authority-sign', signer)
        if fits and one['kid'] == head['kid'] == thumbprint(one['publicKey']):
            alg = 'EdDSA' if one['publicKey']['crv'] == 'Ed25519' else 'ES256'
            signed = f"{jws['protected']}.{jws['payload']}".encode()
            if head['alg'] == alg and is_signed(one['publicKey'], signed, b64url(jws['signature']), folder):
                return {'kind': kind, 'said': said, 'sha256': sha(payload), 'signer': signer, 'at': at}
            return f'the signature of {signer} does not hold'
    return f'no key of {signer} is at hand'


def seconds_at(instant):
    """Seconds of `2026-05-14T12:00:00.000Z`."""

    return calendar.timegm(time.strptime(instant[:19] + 'Z', '%Y-%m-%dT%H:%M:%SZ'))


def check_objects(proof, keys, folder, found):
    """Message, receipts or refusals, events: answers the hashes that entries of the log may name."""
    message = read_signed(proof['message'], keys, folder)
    if not found.need(isinstance(message, dict) and message['kind'] == 'message',
                      '' if isinstance(message, str) else f"{message['signer']} signed message {message['said']['id']} at {message['at']}",
                      f'message: {message}'):
        return []
    hashes, last = [message['sha256']], {}
    for jws in proof['receipts'] + proof['events']:
        one = read_signed(jws, keys, folder)
        if not found.need(isinstance(one, dict), '', f'signed object: {one}'):
            continue
        about = (one['said'].get('messageId'), one['said'].get('messageSha256'))
        if not found.need(about == (message['said']['id'], message['sha256']), '', f"{one['kind']} of {one['signer']} is about another message"):
            continue
        if one['kind'] == 'event':
            node = one['said']['by']['node']
            found.need(one['said']['previousEvent'] == last.get(node), '', f"before {one['said']['type']} of {node} an event is missing")
            last[node] = one['sha256']
            found.holds.append(f"{one['signer']} stated {one['said']['type']} at {one['at']}")
        elif one['kind'] == 'receipt':
            found.holds.append(f"node {one['signer']} received it at {one['at']}")
            found.need(one['said']['durability'] == 'flushed', '', f"node {one['signer']} does not promise that it survives a failure of its machine")
        else:
            found.holds.append(f"node {one['signer']} refused it at {one['at']}: {one['said']['code']}")
        hashes.append(one['sha256'])
    return hashes


def read_state(text, logs, folder):
    """Origin, size and root of a state that its own log signed; None when it did not."""
    try:
        body, signatures = read_note(text)
        origin, size, root = body.split('\n')[:3]
        own = [one['publicKey'] for one in logs if one['holder'] == origin]
        if any(name == origin and raw == key_id(origin, key, 1) and is_signed(key, body.encode(), value, folder)
               for key in own for name, raw, value in signatures):
            return origin, int(size), base64.b64decode(root, validate=True)
    except (ValueError, IndexError):
        pass
    return None


def check_log(proof, keys, hashes, roots, folder, found):
    logs = [one for one in keys if one['use'] == 'log']
    if proof['checkpoint'] is None:
        found.need(not proof['log'], '', 'entries without a checkpoint')
        return
    state = read_state(proof['checkpoint'], logs, folder)
    if not found.need(state is not None, '', 'the checkpoint is not signed by its log'):
        return
    origin, size, root = state
    found.holds.append(f'{origin} stated {size} entries with the root {root.hex()}')
    grown = {one['from']: [bytes.fromhex(step) for step in one['hashes']] for one in proof['consistency'] if one['to'] == size}

    def is_begin(seen):
        return seen[0] == origin and (seen == state or 0 < seen[1] < size and seen[1] in grown
                                      and grew(seen[1], seen[2], size, root, grown[seen[1]]))

    for one in proof['log']:
        leaf = hashlib.sha256(bytes.fromhex(one['salt']) + hashlib.sha256(one['entry'].encode()).digest()).digest()
        good = (one['origin'], one['size']) == (origin, size) and leads_to(root, leaf, one['index'], size, [bytes.fromhex(step) for step in one['path']])
        found.need(good and json.loads(one['entry']).get('sha256') in hashes, f"entry {one['index']} stands in the log",
                   f"entry {one['index']} does not lead to the root, or is about something else")
    witnesses = 0
    for text in proof['cosignatures']:
        seen = read_state(text, logs, folder)
        if not found.need(seen is not None and is_begin(seen), '', 'a cosigned state is not of this log'):
            continue
        body, signatures = read_note(text)
        for who, raw, value in signatures:
            if who == origin:
                continue
            good = len(value) == 72 and any(
                one['holder'] == who and raw == key_id(who, one['publicKey'], 4) and
                is_signed(one['publicKey'], b'cosignature/v1\ntime %d\n' % int.from_bytes(value[:8], 'big') + body.encode(), value[8:], folder)
                for one in logs)
            witnesses += found.need(good, f"{who} cosigned {seen[1]} entries at {when(int.from_bytes(value[:8], 'big'))}", f'the signature of the witness {who} does not hold')
    if not witnesses:
        found.holds.append('note: no other node cosigned this log')
    check_stamps(proof, logs, is_begin, roots, folder, found)


def check_stamps(proof, logs, is_begin, roots, folder, found):
    """RFC 3161 tokens over signed states of the log; without a root of yours only what they state is told."""
    if not proof.get('stamps'):
        found.holds.append('note: no time stamp came along')
    for one in proof.get('stamps', []):
        seen = read_state(one['checkpoint'], logs, folder)
        if not found.need(seen is not None and is_begin(seen) and all(entry['index'] < seen[1] for entry in proof['log']), '', 'a time stamp is over another log or too early a state'):
            continue
        data, token = on_disk(folder, 'stamped', one['checkpoint'].encode()), on_disk(folder, 'token', base64.b64decode(one['token']))
        _, text, _ = openssl('ts', '-reply', '-in', token, '-token_in', '-text')
        stated = re.search(rb'^Time stamp: (.*)$', text, re.M)
        imprint = b''.join(re.findall(rb'^ +\d{4} - ((?:[0-9a-f]{2}[ -])+)', text, re.M)).replace(b' ', b'').replace(b'-', b'')
        if not found.need(stated is not None and imprint.startswith(sha(one['checkpoint'].encode()).encode()), '', 'a time stamp is over something else'):
            continue
        at = seconds_of(stated.group(1).decode())
        if roots is None:
            found.holds.append(f'note: a time stamp says {when(at)}; its authority was not checked, give its root with --tsa-root')
            continue
        good, _, _ = openssl('ts', '-verify', '-data', data, '-in', token, '-token_in', '-CAfile', roots, '-attime', str(at))
        found.need(good, f'time-stamped at {when(at)}: {seen[1]} entries', 'a time stamp does not hold under the roots given')


def verify(proof, trusted, stamp_roots):
    found = Findings()
    with tempfile.TemporaryDirectory() as folder:
        try:
            if proof['kind'] != 'exchange.proof' or proof['version'] != 1:
                raise ValueError('no exchange.proof of version 1')
            keys = proof['keys'] if trusted is None else trusted
            roots = on_disk(folder, 'roots', b''.join(pathlib.Path(one).read_bytes() for one in stamp_roots)) if stamp_roots else None
            check_log(proof, keys, check_objects(proof, keys, folder, found), roots, folder, found)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            found.broken.append(f'the file does not have the agreed form: {error!r}')
    found.holds, found.broken = [one for one in found.holds if one], [one for one in found.broken if one]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('file')
    parser.add_argument('--keys', help='keys that you have from elsewhere, as a proof lists them')
    parser.add_argument('--tsa-root', action='append', default=[], help='root of a time-stamp authority, PEM')
    parser.add_argument('--json', action='store_true')
    given = parser.parse_args()
    try:
        proof = json.loads(pathlib.Path(given.file).read_text('utf-8'))
        trusted = json.loads(pathlib.Path(given.keys).read_text('utf-8')) if given.keys else None
    except (OSError, ValueError) as error:
        parser.error(str(error))
    found = verify(proof, trusted['keys'] if isinstance(trusted, dict) else trusted, given.tsa_root)
    if given.json:
        print(json.dumps({'status': 'broken' if found.broken else 'holds', 'holds': found.holds, 'broken': found.broken}, ensure_ascii=False))
    else:
        print('\n'.join([*found.holds, *(f'BROKEN: {one}' for one in found.broken), 'BROKEN' if found.broken else 'HOLDS']))
    return 1 if found.broken else 0


if __name__ == '__main__':
    sys.exit(main())
